-- Dauerläufer unter „pandoc lua“: eine Zeile JSON herein, eine Zeile JSON heraus.
-- So kostet ein Bericht keinen Programmstart, und HTML und Typst entstehen aus einem Lesevorgang.
package.path = './?.lua;' .. package.path
local pruefen, nummern, nach_html, nach_typst = require 'pruefen', require 'nummern', require 'nach_html', require 'nach_typst'

local LESER = 'markdown-implicit_figures'

--- Der gemeinsame Filter des Layouts (auch in _quarto.yml genannt), je Format geladen.
local function layoutfilter(text, format)
  FORMAT = format
  return assert(load(text, '@layout/berichtswerk.lua'))()
end

local function wende_an(doc, filterliste)
  for _, f in ipairs(filterliste) do doc = doc:walk(f) end
  return doc
end

local function bearbeite(auftrag)
  local gelesen = pandoc.read(auftrag.markdown, LESER)
  local antwort = {}
  antwort.befunde, antwort.bilder = pruefen.pruefe(gelesen)
  local register = nummern.zaehle(gelesen, antwort.befunde)
  antwort.gliederung = register.gliederung
  antwort.bekannt = register.bekannt
  antwort.titel = pandoc.utils.stringify(gelesen.meta.title or '')
  antwort.untertitel = pandoc.utils.stringify(gelesen.meta.subtitle or '')
  if #antwort.befunde > 0 or auftrag.nur_pruefen then return antwort end
  for _, format in ipairs(auftrag.formate) do
    local doc = wende_an(gelesen:clone(), layoutfilter(auftrag.filter, format))
    if format == 'html' then
      antwort.html = nach_html.schreibe(doc, register)
    else
      antwort.typst = nach_typst.schreibe(doc, register, auftrag.vorlage)
    end
  end
  return antwort
end

io.stdout:setvbuf 'no'
for zeile in io.stdin:lines() do
  local gut, antwort = pcall(function() return bearbeite(pandoc.json.decode(zeile, false)) end)
  if not gut then antwort = { stoerung = tostring(antwort) } end
  io.stdout:write(pandoc.json.encode(antwort), '\n')
  io.stdout:flush()
end
