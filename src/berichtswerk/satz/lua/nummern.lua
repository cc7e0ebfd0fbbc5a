-- Zählt Kapitel, Abbildungen und Tabellen und löst Verweise auf; liefert die Gliederung.
local g = require 'gemeinsam'
local M = {}

local function schiebe(gliederung, punkt)
  local ast = gliederung
  while #ast > 0 and ast[#ast].ebene < punkt.ebene do ast = ast[#ast].kinder end
  table.insert(ast, punkt)
end

--- Ebene der höchsten Überschrift außerhalb von Kästen; 2, wenn es keine gibt.
local function oberste(doc)
  local kleinste = 9
  doc:walk {
    traverse = 'topdown',
    Div = function(d) if g.callout(d) then return d, false end end,
    Header = function(h) kleinste = math.min(kleinste, h.level) end,
  }
  return kleinste == 9 and 2 or kleinste
end

local function zaehle_ueberschrift(register, stand, h)
  local ebene = h.level - register.oberste + 1
  local nummer = ''
  if not h.classes:includes 'unnumbered' then
    stand[ebene] = (stand[ebene] or 0) + 1
    for i = ebene + 1, 6 do stand[i] = 0 end
    local teile = {}
    for i = 1, ebene do teile[i] = tostring(stand[i] or 0) end
    nummer = table.concat(teile, '.')
  end
  register.marken[h.identifier] = { art = 'sec', nummer = nummer }
  register.nummer_von[h.identifier] = nummer
  schiebe(register.gliederung, {
    ebene = ebene, nummer = nummer, titel = pandoc.utils.stringify(h.content), marke = h.identifier, kinder = {},
  })
end

--- Durchläuft das Dokument einmal; schreibt doppelte Marken und offene Verweise in `befunde`.
function M.zaehle(doc, befunde)
  local register = { marken = {}, nummer_von = {}, gliederung = {}, oberste = oberste(doc) }
  local stand, anzahl, verweise, zelle, letzte = {}, { fig = 0, tbl = 0 }, {}, 0, 0
  local function melde(kennung, was) table.insert(befunde, { kennung = kennung, zelle = zelle, was = was }) end
  local function gegenstand(marke)
    local art = g.art(marke)
    if art ~= 'fig' and art ~= 'tbl' then return end
    if register.marken[marke] then melde('satz-marke-doppelt', marke) return end
    anzahl[art] = anzahl[art] + 1
    register.marken[marke] = { art = art, nummer = tostring(anzahl[art]) }
  end
  doc:walk {
    traverse = 'topdown',
    RawBlock = function(r) if r.format == 'bw-zelle' then zelle = tonumber(r.text) or 0 end end,
    Header = function(h)
      local ebene = h.level - register.oberste + 1
      if ebene > letzte + 1 then melde('satz-ebene-sprung', pandoc.utils.stringify(h.content)) end
      letzte = ebene
      if register.marken[h.identifier] then melde('satz-marke-doppelt', h.identifier) end
      zaehle_ueberschrift(register, stand, h)
    end,
    Div = function(d)
      if g.callout(d) then
        -- Überschriften in Kästen sind Titel und zählen nicht; Verweise darin schon.
        d.content:walk { Cite = function(c) for _, z in ipairs(c.citations) do
          table.insert(verweise, { marke = z.id, zelle = zelle }) end end }
        return d, false
      end
      gegenstand(d.identifier)
    end,
    Figure = function(f) gegenstand(f.identifier) end,
    Table = function(t) gegenstand(t.identifier) end,
    Cite = function(c)
      for _, z in ipairs(c.citations) do table.insert(verweise, { marke = z.id, zelle = zelle }) end
    end,
  }
  for _, v in ipairs(verweise) do
    zelle = v.zelle
    if not g.NAMEN[g.art(v.marke) or ''] then melde('satz-zitat', v.marke)
    elseif not register.marken[v.marke] then melde('satz-verweis-offen', v.marke) end
  end
  register.bekannt = {}
  for marke, eintrag in pairs(register.marken) do
    if g.NAMEN[g.art(marke) or ''] then table.insert(register.bekannt, marke) end
  end
  table.sort(register.bekannt)
  return register
end

return M
