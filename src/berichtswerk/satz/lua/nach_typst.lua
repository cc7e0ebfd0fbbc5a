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

--- Ein Verweis; auf ein Kapitel hängt er davon ab, ob es gezählt ist.
local function verweise(platz)
  return function(c)
    local teile = pandoc.Inlines {}
    for i, z in ipairs(c.citations) do
      if i > 1 then teile:extend { pandoc.Str ',', pandoc.Space() } end
      local name = z.mode == 'SuppressAuthor' and 'none' or '[' .. (g.NAMEN[g.art(z.id)] or '') .. ']'
      local text = string.format('#ref(<%s>, supplement: %s)', z.id, name)
      teile:insert(zeile(g.art(z.id) == 'sec' and platz('verweis', z.id, text) or text))
    end
    return teile
  end
end

--- Eine HTML-Tabelle als Typst; für einen Tafelplatz (satz/tafelplatz.py) nur der Platz.
local function tafel_aus(html)
  local platz = html:match '^<table[^>]*><tr><td>(bw%-tafelplatz%-%x+%-%d+)</td></tr></table>$'
  if platz then return pandoc.Blocks { roh(platz) } end
  local t = g.lies_tabelle(html)
  return t and tafel.schreibe(t) or pandoc.Blocks {}
end

local function bloecke()
  return {
    traverse = 'topdown',
    RawBlock = function(r)
      if r.format == 'bw-zelle' then return roh('// Zelle ' .. r.text) end
      if r.format == 'html' then return tafel_aus(r.text), false end
    end,
    Div = function(d)
      if g.sichtbar(d, 'typst') == false then return {} end
      local art = g.art(d.identifier)
      if art == 'fig' then
        local bild, text = g.abbildung_teile(d)
        return abbildung(d.identifier, bild, text), false
      elseif art == 'tbl' then
        local t, html, text = g.tabelle_teile(d)
        return figur(d.identifier, 'tbl', 'top', t and tafel.schreibe(t) or tafel_aus(html), text), false
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

local function ueberschrift(oberste)
  return function(h)
    h.level = h.level - oberste + 1
    if h.classes:includes 'unnumbered' and h.identifier ~= '' then
      local kopf = pandoc.Inlines { zeile(string.format('#heading(level: %d, numbering: none)[', h.level)) } .. h.content
      kopf:insert(zeile(string.format(']<%s>', h.identifier)))
      return pandoc.Plain(kopf)
    end
    return h
  end
end

--- Der nächste Block, der etwas setzt.
local function naechster(blocks, i)
  i = i + 1
  while blocks[i] and blocks[i].t == 'RawBlock' and blocks[i].text:match '^// Zelle' do i = i + 1 end
  return blocks[i]
end

--- Ungezählte Überschriften, unter denen im PDF nichts steht, fallen weg (Verzeichnisse setzt die Vorlage).
--- Ob unter der letzten etwas steht, entscheidet, was folgt: sie kommt einzeln zurück, mit ihrer Ebene.
local function ohne_leere(blocks)
  local bleibt, letzte = pandoc.Blocks {}, nil
  for i, b in ipairs(blocks) do
    local leer = b.t == 'Header' and b.classes:includes 'unnumbered'
    if leer then
      local danach = naechster(blocks, i)
      if not danach then letzte = b
      elseif not (danach.t == 'Header' and danach.level <= b.level) then leer = false end
    end
    if not leer then bleibt:insert(b) end
  end
  return bleibt, letzte
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

--- Ein Stück, fertig zum Schreiben: Blöcke, die offene letzte Überschrift (mit Ebene) und die Ebene, mit
--- der es beginnt (0 = mit etwas anderem als einer Überschrift; nichts, wenn es nichts setzt).
function M.bereite(doc, platz, oberste, fund)
  doc = g.geh_durch(doc, bloecke(), fund)
  local anfang = naechster(doc.blocks, 0)
  local beginn = anfang and (anfang.t == 'Header' and anfang.level or 0)
  local bleibt, letzte = ohne_leere(doc.blocks)
  local ebene = letzte and letzte.level
  doc.blocks = mit_trennzeilen(bleibt, oberste)
  local schluss = {
    Header = #fund.kennungen > 0 and ueberschrift(oberste) or nil,
    Cite = fund.verweise and verweise(platz) or nil,
    Quoted = fund.anfuehrung and g.quoted or nil,
  }
  local kopf = letzte and mit_trennzeilen({ letzte }, oberste):walk(schluss)
  return next(schluss) and doc:walk(schluss) or doc, { beginn = beginn, ebene = ebene, kopf = kopf }
end

local ART = { format = 'typst', extensions = {} }

--- Viele Teile in einem Zug, jeder hinter seiner Marke.
function M.schreibe(teile, marke)
  local alle = pandoc.Blocks {}
  for i, blocks in ipairs(teile) do
    alle:insert(roh(marke(i)))
    alle:extend(blocks)
  end
  alle:insert(roh(marke(#teile + 1)))
  local text = pandoc.write(pandoc.Pandoc(alle), ART, { wrap_text = 'wrap-none' })
  local fertig, ab = {}, 1
  for i = 1, #teile do
    local _, auf = text:find(marke(i) .. '\n', ab, true)
    ab = text:find(marke(i + 1), auf, true)
    fertig[i] = text:sub(auf + 1, ab - 1)
  end
  return fertig
end

--- Vorlage mit den Angaben des Kopfes; statt des Rumpfs steht `platz`.
function M.rahme(meta, platz, vorlage)
  return pandoc.write(pandoc.Pandoc({ roh(platz) }, meta), ART,
    { wrap_text = 'wrap-none', template = uebersetzte(vorlage) })
end

return M
