-- Was die Texte in Quarto brauchen, damit sie auf der Seite dastehen wie beim eingebauten Satz: Überschriften, Fragen, Kästen,
-- Bilder, Tabellen, Verweise. Was die Notizbücher zeigen, der Rahmen der Seite und alles, was gedruckt wird, kommen fertig an
-- (src/berichtswerk/schreiber/quarto.py). Läuft vor Quartos eigenen Filtern (`at: pre-ast`): da ist noch alles, wie es geschrieben wurde.
local function roh(text) return pandoc.RawBlock('html', text) end

local ERSATZ = { ['&'] = '&amp;', ['<'] = '&lt;', ['>'] = '&gt;', ['"'] = '&quot;' }
local function html(text) return (text:gsub('[&<>"]', ERSATZ)) end
local function auf_der_seite(text) return pandoc.RawInline('html', text) end

-- Worauf Texte verweisen, kommt fertig an: `<!--bw-marken {"fig-x": ["Abbildung 3", "3"]}-->` nennt Name und Nummer.
local MARKEN = {}

--- Der Rahmen der Seite: `<!--bw-before-body-->` und was dort hingehört.
local function nimm_fertiges(doc)
  doc.blocks = doc.blocks:filter(function(b)
    local marken = b.t == 'RawBlock' and b.text:match '^<!%-%-bw%-marken (.*)%-%->$'
    if marken then MARKEN = pandoc.json.decode(marken, false) end
    local wo, text = nil, nil
    if b.t == 'RawBlock' then wo, text = b.text:match '^<!%-%-bw%-(%a+%-%a+)%-%->\n?(.*)' end
    if wo then quarto.doc.include_text(wo, text) end
    return not marken and not wo
  end)
  return doc
end

-- Tabellen: breite rollen in sich, nicht die ganze Seite.
local function rollbereich(t, marke)
  t.classes = { 'caption-top', 'table' }
  for _, rumpf in ipairs(t.bodies) do rumpf.row_head_columns = 1 end
  local name = marke and { 'aria-labelledby', marke .. '-titel' } or { 'aria-label', 'Tabelle, waagerecht verschiebbar' }
  return pandoc.Div({ t }, pandoc.Attr('', { 'bw-rollbereich' }, { { 'role', 'group' }, { 'tabindex', '0' }, name }))
end

-- Bilder und Tabellen aus Texten stehen im selben Rahmen wie die der Notizbücher.
local WORT = { fig = 'Abbildung', tbl = 'Tabelle' }

local function bild(b)
  local alt = b.attributes['fig-alt'] or ''
  return auf_der_seite('<img src="' .. html(b.src) .. '" class="img-fluid figure-img" alt="' .. html(alt) .. '">')
end

local function bild_oder_tafel(div) return WORT[div.identifier:match '^(%a+)%-' or ''] end

local function figur(div)
  local marke, art, inhalt = div.identifier, div.identifier:sub(1, 3), div.content:clone()
  local text = #inhalt > 1 and inhalt:remove(#inhalt).content or pandoc.Inlines {}
  local titel = pandoc.Inlines { auf_der_seite('<figcaption class="quarto-float-caption-top quarto-float-caption quarto-float-' .. art
    .. '" id="' .. marke .. '-titel">\n<span class="bw-abbnummer">' .. (MARKEN[marke] or { WORT[art] })[1]
    .. '<span class="bw-vorlesen">: </span></span>\n<span class="bw-befund">') } .. text
  titel:insert(auf_der_seite '</span>\n</figcaption>')
  local blocks = pandoc.Blocks { roh('<figure class="quarto-float quarto-float-' .. art .. ' figure">'), pandoc.Plain(titel) }
  if art == 'fig' then blocks:insert(pandoc.Div(inhalt, pandoc.Attr('', {}, { { 'aria-describedby', marke .. '-titel' } })))
  else blocks:extend(inhalt) end
  blocks:insert(roh '</figure>')
  -- die Marke roh: was pandoc kennt, zählte Quarto noch einmal
  return pandoc.Blocks { roh('<div id="' .. marke .. '" class="quarto-float anchored">') } .. blocks .. pandoc.Blocks { roh '</div>' }
end

--- `: Überschrift {#tbl-x}` unter der Tabelle steht danach wie bei `::: {#tbl-x}`.
local function tabelle(t)
  local text = pandoc.utils.blocks_to_inlines(t.caption.long)
  local letztes = text[#text]
  local marke = letztes and letztes.t == 'Str' and letztes.text:match '^{#(tbl%-[%w_-]+)}$'
  if not marke then return rollbereich(t) end
  text:remove(#text)
  if #text > 0 and text[#text].t == 'Space' then text:remove(#text) end
  t.caption = { long = {}, short = nil }
  return figur(pandoc.Div({ rollbereich(t, marke), pandoc.Para(text) }, pandoc.Attr(marke)))
end

local function verweise(block)
  return block:walk { Cite = function(c)
    local teile = {}
    for _, z in ipairs(c.citations) do
      local marke = MARKEN[z.id]
      if not marke then return nil end
      local text = z.mode == 'SuppressAuthor' and marke[2] ~= '' and marke[2] or marke[1]
      table.insert(teile, '<a href="#' .. z.id .. '" class="quarto-xref">' .. text .. '</a>')
    end
    return auf_der_seite(table.concat(teile, ', '))
  end }
end

-- Kästen mit ihrer Art.
local KAESTEN = { note = 'Hinweis', tip = 'Tipp', important = 'Wichtig', caution = 'Vorsicht', warning = 'Warnung' }

local function kastenart(div)
  for _, klasse in ipairs(div.classes) do
    local art = klasse:match '^callout%-(%a+)$'
    if art and KAESTEN[art] then return art end
  end
end

local function kasten(div, art)
  local inhalt, titel = div.content:clone(), pandoc.Inlines(KAESTEN[art])
  if div.attributes.title then
    titel = pandoc.utils.blocks_to_inlines(pandoc.read(div.attributes.title, 'markdown').blocks)
  elseif inhalt[1] and inhalt[1].t == 'Header' then
    titel = inhalt:remove(1).content
  end
  local kopf = pandoc.Inlines { auf_der_seite('<div class="callout callout-style-default callout-' .. art
    .. ' callout-titled" role="note">\n<div class="callout-header d-flex align-content-center">\n'
    .. '<div class="callout-title-container flex-fill">\n') } .. titel
  kopf:insert(auf_der_seite '\n</div>\n</div>\n<div class="callout-body-container callout-body">')
  inhalt:insert(1, pandoc.Plain(kopf))
  inhalt:insert(roh '</div>\n</div>')
  return inhalt
end

-- `.content-visible when-format="html"` und Verwandte; Quarto setzte noch einen Rahmen darum. Andere Bedingungen bleiben ihm.
local FORMATE = { html = true, typst = true, pdf = true }

local function sichtbar(div)
  local zeigen, verbergen = div.classes:includes 'content-visible', div.classes:includes 'content-hidden'
  local wann, ausser = div.attributes['when-format'], div.attributes['unless-format']
  if zeigen == verbergen or (wann == nil) == (ausser == nil) then return nil end
  local gemeint = wann or ausser
  if not FORMATE[gemeint] then return nil end
  return ((gemeint == 'html') == (wann ~= nil)) == zeigen
end

local function rahmen(div)
  local zu_sehen = sichtbar(div)
  if zu_sehen ~= nil then return zu_sehen and div.content or {} end
  local art = kastenart(div)
  if art then return kasten(div, art) end
  if bild_oder_tafel(div) then return figur(div) end
  if div.identifier == '' and div.content:find_if(function(b) return b.t == 'Header' end) then return div.content end
end

--- Ein Absatz nur aus Fettem ist eine Zwischenüberschrift, aber kein Kapitel.
local function frage(absatz, tiefe)
  local auf, zu = string.format('<h%d class="bw-frage">', tiefe + 2), string.format('</h%d>', tiefe + 2)
  return { roh(auf), pandoc.Plain(absatz.content[1].content), roh(zu) }
end

-- Kapitel der Seite sind Abschnitte; die Überschrift steht mit ihrer Botschaft in einem Feld, wenn sie eine hat.
local AUFTAKT = '<div class="bw-auftakt">'

local function schliesse(neu, offen, stufe)
  while #offen > 0 and offen[#offen] >= stufe do
    offen:remove()
    neu:insert(roh '</section>')
  end
end

local function beginne(neu, offen, h, stufe, im_feld)
  schliesse(neu, offen, stufe)
  offen:insert(stufe)
  local nummer = (MARKEN[h.identifier] or {})[2] or ''
  local klassen = h.classes:filter(function(k) return k ~= 'unnumbered' end)
  if nummer == '' then klassen:insert 'unnumbered' end
  klassen:insert 'anchored'
  local merkmale = table.concat(klassen, ' ') .. '"' .. (nummer ~= '' and ' data-number="' .. nummer .. '"' or '') .. '>'
  neu:insert(roh('<section id="' .. h.identifier .. '" class="level' .. stufe .. ' ' .. merkmale))
  if im_feld then neu:insert(roh(AUFTAKT)) end
  local zahl = nummer ~= '' and '<span class="header-section-number">' .. nummer .. '</span> ' or ''
  local zeile = pandoc.Inlines { auf_der_seite('<h' .. stufe .. ' class="' .. merkmale .. zahl) } .. h.content
  zeile:insert(auf_der_seite('</h' .. stufe .. '>'))
  neu:insert(pandoc.Plain(zeile))
end

--- Der Reihe nach durch das Dokument; `tiefe` ist die der letzten Überschrift, Kapitel haben 1.
local function gliedere(doc)
  local neu, oberste, tiefe = pandoc.Blocks {}, 6, 0
  for _, b in ipairs(doc.blocks) do if b.t == 'Header' then oberste = math.min(oberste, b.level) end end
  local offen, im_feld = pandoc.List {}, false
  for _, b in ipairs(doc.blocks) do
    b = verweise(b)
    if b.t == 'RawBlock' and b.text == AUFTAKT then
      im_feld = true
    elseif b.t == 'Header' then
      tiefe = b.level - oberste + 1
      beginne(neu, offen, b, math.min(tiefe + 1, 6), im_feld)
      im_feld = false
    elseif b.t == 'Para' and #b.content == 1 and b.content[1].t == 'Strong' then
      neu:extend(frage(b, tiefe))
    else
      neu:insert(b)
    end
  end
  schliesse(neu, offen, 0)
  doc.blocks = neu
  return doc
end

--- Gedruckt wird, was der Vorlauf dafür geschrieben hat, und sonst nichts: so endet jede Seite, wo der Seitenplan es sagt.
--- „quarto render --to typst“ verlangt auch von den übrigen Seiten ein PDF.
local function druck(doc)
  local b = doc.meta.berichtswerk
  if b and b.geplant then
    doc.blocks = doc.blocks:filter(function(block) return block.t == 'RawBlock' and block.format == 'typst' end)
  else
    doc.blocks = pandoc.Blocks { pandoc.Para 'Diese Seite gibt es nur auf der Website.' }
  end
  return doc
end

--- index.qmd zeigt die Seite, die der Vorlauf geschrieben hat: Titel und Text.
local function startseite(doc)
  local platz = doc.blocks[1]
  if not (platz and platz.t == 'Div' and platz.classes:includes 'bw-startseite') then return nil end
  local datei = assert(io.open(pandoc.path.join { quarto.project.directory, 'seiten', '_start.md' }, 'rb'))
  local seite = pandoc.read(datei:read 'a', 'markdown')
  datei:close()
  for _, name in ipairs { 'title', 'pagetitle', 'berichtswerk' } do doc.meta[name] = seite.meta[name] end
  doc.blocks = seite.blocks
  return doc
end

if FORMAT:match 'typst' then return { { Pandoc = druck } } end
if not FORMAT:match 'html' then return {} end
return {
  { Pandoc = startseite },
  { Pandoc = nimm_fertiges },
  { Image = bild, Table = tabelle, Div = rahmen },
  { Pandoc = gliedere },
}
