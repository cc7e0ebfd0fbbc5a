-- Dauerläufer unter „pandoc lua“: eine Zeile JSON herein, eine Zeile JSON heraus.
-- Ein Auftrag besteht aus Stücken eines Dokuments (satz/stuecke.py). Jedes wird für sich gelesen und geprüft;
-- was es heißt, hängt von keinem anderen ab. Nummern und Verweise bleiben Plätze, die Python füllt.
package.path = './?.lua;' .. package.path
local pruefen, nach_html, nach_typst = require 'pruefen', require 'nach_html', require 'nach_typst'

local LESER = 'markdown-implicit_figures'

--- Der gemeinsame Filter des Layouts (auch in _quarto.yml genannt) für ein Stück und ein Format. BW_TEXT nennt
--- ihm dessen Text: was darin nicht vorkommt, braucht er nicht zu suchen.
local function layoutfilter(chunk, format, text)
  FORMAT, BW_TEXT, BW_GEMEINSAM = format, text, nil
  return chunk(), BW_GEMEINSAM or 0
end

--- Filter, die das Dokument im Ganzen sehen wollen, lassen sich nicht stückweise anwenden.
local function sieht_alles(filterliste)
  for _, f in ipairs(filterliste) do if f.Pandoc or f.Meta then return true end end
  return false
end

local function wende_an(doc, filterliste, von, bis)
  for i = von, bis do if next(filterliste[i]) then doc = doc:walk(filterliste[i]) end end
  return doc
end

local function ist_roh(block, format) return block and block.t == 'RawBlock' and block.format == format end

--- Liest ein Stück. Liegt sein Ende nicht frei, hat es mit seinen Nachbarn zu tun: nil. Was vor `bw-anfang`
--- steht, belegt nur Kennungen.
local function lies(stueck)
  local doc = pandoc.read(stueck.text, LESER)
  if stueck.kopf then return doc end
  local blocks = doc.blocks
  if next(doc.meta) or not ist_roh(blocks[#blocks], 'bw-ende') then return nil end
  blocks:remove(#blocks)
  for i, block in ipairs(blocks) do
    if ist_roh(block, 'bw-anfang') then
      doc.blocks = pandoc.Blocks(table.move(blocks, i + 1, #blocks, 1, {}))
      break
    end
  end
  return doc
end

--- Plätze eines Stücks: eine Zeichenfolge, die im Text nicht vorkommt, und eine laufende Nummer.
local function plaetze(stueck, antwort)
  antwort.plaetze = {}
  return function(art, marke, text)
    table.insert(antwort.plaetze, { art = art, marke = marke, text = text })
    return string.format('%sn%de', stueck.salz, #antwort.plaetze - 1)
  end
end

--- Schreibt alle Stücke in einem Zug; nur wo Fußnoten oder Quelltext gezählt werden, jedes einzeln.
local function schreibe_html(auftrag, fertige)
  local zusammen, wer = {}, {}
  local function marke(i) return string.format('%ss%de', auftrag.salz, i) end
  for _, f in ipairs(fertige) do
    if f.antwort.allein then
      local html, noten = nach_html.schreibe({ f.html }, marke)
      f.antwort.html, f.antwort.noten = html[1], noten
    else
      table.insert(zusammen, f.html)
      table.insert(wer, f.antwort)
    end
  end
  local html = #zusammen > 0 and nach_html.schreibe(zusammen, marke) or {}
  for i, antwort in ipairs(wer) do antwort.html, antwort.noten = html[i], '' end
end

local function schreibe_typst(auftrag, fertige)
  local teile = {}
  for _, f in ipairs(fertige) do
    table.insert(teile, f.typst)
    table.insert(teile, f.schluss.kopf or pandoc.Blocks {})
  end
  local typst = nach_typst.schreibe(teile, function(i) return string.format('%st%de', auftrag.salz, i) end)
  for i, f in ipairs(fertige) do
    f.antwort.typst = { text = typst[2 * i - 1], kopf = typst[2 * i], ebene = f.schluss.ebene, beginn = f.schluss.beginn }
  end
end

--- Ein gelesenes Stück je Format bis kurz vor das Schreiben.
local function bereite(auftrag, stueck, doc, antwort, chunk)
  local platz, fertig, vorher = plaetze(stueck, antwort), { antwort = antwort }, nil
  for _, format in ipairs(auftrag.formate) do
    local filter, gemeinsam = layoutfilter(chunk, format, stueck.text)
    vorher = vorher or wende_an(doc, filter, 1, gemeinsam)
    local je = wende_an(vorher:clone(), filter, gemeinsam + 1, #filter)
    if format == 'html' then
      fertig.html = nach_html.bereite(je, platz, auftrag.oberste, antwort).blocks
    else
      local gesetzt
      gesetzt, fertig.schluss = nach_typst.bereite(je, platz, auftrag.oberste, antwort)
      fertig.typst = gesetzt.blocks
      if stueck.kopf then antwort.rahmen = nach_typst.rahme(gesetzt.meta, stueck.salz .. 'rumpf', auftrag.vorlage) end
    end
  end
  return fertig
end

local function bearbeite(auftrag)
  local antworten, fertige, ganz = {}, {}, false
  local chunk = assert(load(auftrag.filter, '@layout/berichtswerk.lua'))
  for _, format in ipairs(auftrag.formate) do ganz = ganz or sieht_alles((layoutfilter(chunk, format))) end
  for i, stueck in ipairs(auftrag.stuecke) do
    local doc = (stueck.kopf or not ganz) and lies(stueck)
    local antwort = doc and pruefen.pruefe(doc, stueck.text) or { ganz = true }
    antworten[i] = antwort
    if doc and stueck.kopf then
      antwort.titel = pandoc.utils.stringify(doc.meta.title or '')
      antwort.untertitel = pandoc.utils.stringify(doc.meta.subtitle or '')
    end
    if doc and #antwort.befunde == 0 and #auftrag.formate > 0 then
      table.insert(fertige, bereite(auftrag, stueck, doc, antwort, chunk))
    end
  end
  for _, format in ipairs(#fertige > 0 and auftrag.formate or {}) do
    if format == 'html' then schreibe_html(auftrag, fertige) else schreibe_typst(auftrag, fertige) end
  end
  return { stuecke = antworten }
end

io.stdout:setvbuf 'no'
for zeile in io.stdin:lines() do
  local gut, antwort = pcall(function() return bearbeite(pandoc.json.decode(zeile, false)) end)
  if not gut then antwort = { stoerung = tostring(antwort) } end
  io.stdout:write(pandoc.json.encode(antwort), '\n')
  io.stdout:flush()
end
