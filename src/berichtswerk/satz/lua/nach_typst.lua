-- Typst, so wie Quarto es schreibt (Arten „quarto-float-…“, #callout), dazu eigene Tabellen.
local g = require 'gemeinsam'
local tafel = require 'tafel'
local M = {}

local function roh(text) return pandoc.RawBlock('typst', text) end
local function zeile(text) return pandoc.RawInline('typst', text) end

local function text_literal(s)
  return '"' .. s:gsub('\\', '\\\\'):gsub('"', '\\"'):gsub('\n', ' ') .. '"'
end

local function alternativtext(b)
  return b.attributes['fig-alt'] or b.attributes.alt or pandoc.utils.stringify(b.caption)
end

local function bild_typst(b)
  return string.format('image(%s, alt: %s)', text_literal(b.src), text_literal(alternativtext(b)))
end

--- #figure wie bei Quarto; die Vorlage stellt Ort und Aussehen her.
local function figur(marke, art, lage, innen, text)
  local blocks = pandoc.Blocks { roh '#figure([' }
  blocks:extend(innen)
  local schluss = pandoc.Inlines { zeile(string.format('], caption: figure.caption(position: %s, [', lage)) }
  schluss:extend(text)
  schluss:insert(zeile(string.format(']), kind: "quarto-float-%s", supplement: "%s", numbering: "1") <%s>',
    art, g.NAMEN[art], marke)))
  blocks:insert(pandoc.Plain(schluss))
  return blocks
end

local function abbildung(marke, bild, text)
  return figur(marke, 'fig', 'bottom', pandoc.Blocks { roh('#box(' .. bild_typst(bild) .. ')') }, text)
end

local function kasten(d, art)
  local titel, inhalt = g.callout_teile(d, art)
  local kopf = pandoc.Inlines { zeile '#callout(title: [' } .. titel
  kopf:insert(zeile(string.format('], art: "%s", body: [', art)))
  local blocks = pandoc.Blocks { pandoc.Plain(kopf) }
  blocks:extend(inhalt)
  blocks:insert(roh '])')
  return blocks
end

local function verweise(register)
  return function(c)
    local teile = pandoc.Inlines {}
    for i, z in ipairs(c.citations) do
      if i > 1 then teile:extend { pandoc.Str ',', pandoc.Space() } end
      local eintrag = register.marken[z.id]
      if eintrag.art == 'sec' and eintrag.nummer == '' then
        teile:insert(zeile(string.format('#link(<%s>)[%s]', z.id, g.NAMEN.sec)))
      else
        local name = z.mode == 'SuppressAuthor' and 'none' or '[' .. g.NAMEN[eintrag.art] .. ']'
        teile:insert(zeile(string.format('#ref(<%s>, supplement: %s)', z.id, name)))
      end
    end
    return teile
  end
end

local function bloecke()
  return {
    traverse = 'topdown',
    RawBlock = function(r)
      if r.format == 'bw-zelle' then return roh('// Zelle ' .. r.text) end
      if r.format == 'html' then
        local t = g.lies_tabelle(r.text)
        return t and tafel.schreibe(t) or {}, false
      end
    end,
    Div = function(d)
      if g.sichtbar(d, 'typst') == false then return {} end
      local art = g.art(d.identifier)
      if art == 'fig' then
        local bild, text = g.abbildung_teile(d)
        return abbildung(d.identifier, bild, text), false
      elseif art == 'tbl' then
        local t, html, text = g.tabelle_teile(d)
        return figur(d.identifier, 'tbl', 'top', tafel.schreibe(t or g.lies_tabelle(html)), text), false
      end
      local callout = g.callout(d)
      if callout then return kasten(d, callout) end
      return d.content
    end,
    Figure = function(f)
      local bild = nil
      f.content:walk { Image = function(b) bild = bild or b end }
      if g.art(f.identifier) == 'fig' and bild then
        return abbildung(f.identifier, bild, pandoc.utils.blocks_to_inlines(f.caption.long)), false
      end
    end,
    Table = function(t)
      local text = pandoc.utils.blocks_to_inlines(t.caption.long)
      if g.art(t.identifier) == 'tbl' then return figur(t.identifier, 'tbl', 'top', tafel.schreibe(t), text), false end
      return tafel.schreibe(t), false
    end,
  }
end

local function ueberschrift(register)
  return function(h)
    h.level = h.level - register.oberste + 1
    if h.classes:includes 'unnumbered' and h.identifier ~= '' then
      local kopf = pandoc.Inlines { zeile(string.format('#heading(level: %d, numbering: none)[', h.level)) } .. h.content
      kopf:insert(zeile(string.format(']<%s>', h.identifier)))
      return pandoc.Plain(kopf)
    end
    return h
  end
end

--- Ungezählte Überschriften, unter denen im PDF nichts steht, fallen weg (Verzeichnisse setzt die Vorlage).
local function ohne_leere(blocks)
  local bleibt = pandoc.Blocks {}
  for i, b in ipairs(blocks) do
    local leer = b.t == 'Header' and b.classes:includes 'unnumbered'
    local j = i + 1
    while leer and blocks[j] and blocks[j].t == 'RawBlock' and blocks[j].text:match '^// Zelle' do j = j + 1 end
    if leer and blocks[j] and not (blocks[j].t == 'Header' and blocks[j].level <= b.level) then leer = false end
    if not leer then bleibt:insert(b) end
  end
  return bleibt
end

--- Eine Trennzeile vor allem, was auf einer neuen Seite beginnt: diese Stücke werden einzeln umbrochen.
local function mit_trennzeilen(blocks, oberste)
  local neu = pandoc.Blocks {}
  for _, b in ipairs(blocks) do
    if b.t == 'Header' and b.level == oberste or b.t == 'RawBlock' and b.text:match '#pagebreak%(weak: true%)' then
      neu:insert(roh '// bw-kapitel')
    end
    neu:insert(b)
  end
  return neu
end

--- Vorlagen werden je Stand ihrer Dateien einmal übersetzt.
local vorlagen = {}
local function uebersetzte(vorlage)
  if not vorlagen[vorlage.stand] then
    vorlagen = { [vorlage.stand] = pandoc.template.compile(vorlage.text, vorlage.ordner .. '/vorlage.typ') }
  end
  return vorlagen[vorlage.stand]
end

--- Das vollständige Typst-Dokument samt Vorlage.
function M.schreibe(doc, register, vorlage)
  doc = doc:walk(bloecke())
  doc.blocks = mit_trennzeilen(ohne_leere(doc.blocks), register.oberste)
  doc = doc:walk { Header = ueberschrift(register) }
  doc = doc:walk { Cite = verweise(register), Quoted = g.quoted }
  return pandoc.write(doc, { format = 'typst', extensions = {} },
    { wrap_text = 'wrap-none', template = uebersetzte(vorlage) })
end

return M
