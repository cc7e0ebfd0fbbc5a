-- Was die Texte in Quarto brauchen, damit sie dastehen wie beim eingebauten Satz: Überschriften, Fragen, Kästen, Bilder,
-- Tabellen, Verweise. Was die Notizbücher zeigen und der Rahmen der Seite kommen fertig an (src/berichtswerk/schreiber/quarto.py).
-- Läuft vor Quartos eigenen Filtern (`at: pre-ast`): da ist noch alles, wie es geschrieben wurde.
local TYPST = FORMAT:match 'typst' ~= nil
local HTML = FORMAT:match 'html' ~= nil

local function roh(text) return pandoc.RawBlock(TYPST and 'typst' or 'html', text) end
local function roh_im_satz(text) return pandoc.RawInline('typst', text) end

local ERSATZ = { ['&'] = '&amp;', ['<'] = '&lt;', ['>'] = '&gt;', ['"'] = '&quot;' }
local function html(text) return (text:gsub('[&<>"]', ERSATZ)) end
local function auf_der_seite(text) return pandoc.RawInline('html', text) end

-- Worauf Texte verweisen, kommt fertig an: `bw-marken {"fig-x": ["Abbildung 3", "3", 2]}` nennt Name, Nummer und gedruckt
-- das Kapitel, wenn ein Notizbuch es zeigt: aus einem anderen Kapitel steht im Druck die Seite dabei.
local MARKEN = {}
local MUSTER = TYPST and '^//bw%-marken (.*)' or '^<!%-%-bw%-marken (.*)%-%->$'

--- Der Rahmen der Seite: `<!--bw-before-body-->` und was dort hingehört.
local function nimm_fertiges(doc)
  doc.blocks = doc.blocks:filter(function(b)
    local marken = b.t == 'RawBlock' and b.text:match(MUSTER)
    if marken then MARKEN = pandoc.json.decode(marken, false) end
    local wo, text = nil, nil
    if HTML and b.t == 'RawBlock' then wo, text = b.text:match '^<!%-%-bw%-(%a+%-%a+)%-%->\n?(.*)' end
    if wo then quarto.doc.include_text(wo, text) end
    return not marken and not wo
  end)
  return doc
end

-- Tabellen: breite rollen in sich, nicht die ganze Seite. Im Druck schreibt Quarto Zellen als `[= …]`: das läse Typst
-- als Überschrift oder Liste.
local function maskiere(plain)
  local erstes = plain.content[1]
  if erstes and erstes.t == 'Str' and (erstes.text:match '^[=+/-]' or erstes.text:match '^%d+%.') then
    plain.content:insert(1, roh_im_satz(erstes.text:match '^%d' and '#h(0pt)' or '\\'))
    return plain
  end
end

local function rollbereich(t, marke)
  t.classes = { 'caption-top', 'table' }
  for _, rumpf in ipairs(t.bodies) do rumpf.row_head_columns = 1 end
  local name = marke and { 'aria-labelledby', marke .. '-titel' } or { 'aria-label', 'Tabelle, waagerecht verschiebbar' }
  return pandoc.Div({ t }, pandoc.Attr('', { 'bw-rollbereich' }, { { 'role', 'group' }, { 'tabindex', '0' }, name }))
end

-- Bilder und Tabellen aus Texten stehen im selben Rahmen wie die der Notizbücher.
local WORT = { fig = 'Abbildung', tbl = 'Tabelle' }
local function zitat(text) return '"' .. text:gsub('\\', '\\\\'):gsub('"', '\\"') .. '"' end

local function bild(b)
  local alt = b.attributes['fig-alt'] or ''
  if TYPST then return roh_im_satz('#box(image(' .. zitat(b.src) .. ', alt: ' .. zitat(alt) .. '))') end
  return auf_der_seite('<img src="' .. html(b.src) .. '" class="img-fluid figure-img" alt="' .. html(alt) .. '">')
end

local function bild_oder_tafel(div) return WORT[div.identifier:match '^(%a+)%-' or ''] end

local function gedruckte_figur(marke, art, inhalt, text)
  local zu = pandoc.Inlines { roh_im_satz '], caption: figure.caption(position: top, [' } .. text
  zu:insert(roh_im_satz(']), kind: "quarto-float-' .. art .. '", supplement: "' .. WORT[art] .. '", numbering: "1") <' .. marke .. '>\n]'))
  local blocks = pandoc.Blocks { roh('#bw-figur(marke: "' .. marke .. '")[\n#figure([') } .. inhalt
  blocks:insert(pandoc.Plain(zu))
  return pandoc.Div(blocks)
end

local function gezeigte_figur(marke, art, inhalt, text)
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

local function figur(div)
  local inhalt = div.content:clone()
  local text = #inhalt > 1 and inhalt:remove(#inhalt).content or pandoc.Inlines {}
  return (TYPST and gedruckte_figur or gezeigte_figur)(div.identifier, div.identifier:sub(1, 3), inhalt, text)
end

--- `: Überschrift {#tbl-x}` unter der Tabelle steht danach wie bei `::: {#tbl-x}`.
local function tabelle(t)
  if TYPST then t = t:walk { Plain = maskiere, Para = maskiere } end
  local text = pandoc.utils.blocks_to_inlines(t.caption.long)
  local letztes = text[#text]
  local marke = letztes and letztes.t == 'Str' and letztes.text:match '^{#(tbl%-[%w_-]+)}$'
  if not marke then return TYPST and t or rollbereich(t) end
  text:remove(#text)
  if #text > 0 and text[#text].t == 'Space' then text:remove(#text) end
  t.caption = { long = {}, short = nil }
  return figur(pandoc.Div({ TYPST and t or rollbereich(t, marke), pandoc.Para(text) }, pandoc.Attr(marke)))
end

local function verweise(block, kapitel)
  return block:walk { Cite = function(c)
    local teile = {}
    for _, z in ipairs(c.citations) do
      local marke = MARKEN[z.id]
      if not marke then return nil end
      local text = z.mode == 'SuppressAuthor' and marke[2] ~= '' and marke[2] or marke[1]
      local seite = marke[3] and marke[3] ~= kapitel and ', S.~#bw-seitenzahl("' .. z.id .. '")' or ''
      table.insert(teile, TYPST and '#link(<' .. z.id .. '>)[' .. text .. seite .. '];'
        or '<a href="#' .. z.id .. '" class="quarto-xref">' .. text .. '</a>')
    end
    return pandoc.RawInline(TYPST and 'typst' or 'html', table.concat(teile, ', '))
  end }
end

-- Kästen mit ihrer Art; Quarto reichte im Druck nur eine Farbe weiter.
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
  if HTML then
    local kopf = pandoc.Inlines { auf_der_seite('<div class="callout callout-style-default callout-' .. art
      .. ' callout-titled" role="note">\n<div class="callout-header d-flex align-content-center">\n'
      .. '<div class="callout-title-container flex-fill">\n') } .. titel
    kopf:insert(auf_der_seite '\n</div>\n</div>\n<div class="callout-body-container callout-body">')
    inhalt:insert(1, pandoc.Plain(kopf))
    inhalt:insert(roh '</div>\n</div>')
    return inhalt
  end
  local kopf = pandoc.Inlines { roh_im_satz '#callout(title: [' } .. titel
  kopf:insert(roh_im_satz('], art: "' .. art .. '", body: ['))
  local blocks = pandoc.Blocks { pandoc.Plain(kopf) } .. inhalt
  blocks:insert(roh '])')
  return blocks
end

-- `.content-visible when-format="html"` und Verwandte; Quarto machte im Druck einen Rahmen daraus, und in dem kann kein
-- Kapitel beginnen. Andere Bedingungen bleiben ihm.
local function gilt(format) return HTML and format == 'html' or TYPST and (format == 'typst' or format == 'pdf') end

local function sichtbar(div)
  local zeigen, verbergen = div.classes:includes 'content-visible', div.classes:includes 'content-hidden'
  local wann, ausser = div.attributes['when-format'], div.attributes['unless-format']
  if zeigen == verbergen or (wann == nil) == (ausser == nil) then return nil end
  return (gilt(wann or ausser) == (wann ~= nil)) == zeigen
end

local function rahmen(div)
  local zu_sehen = sichtbar(div)
  if zu_sehen ~= nil then return zu_sehen and div.content or {} end
  local art = kastenart(div)
  if art then return kasten(div, art) end
  if bild_oder_tafel(div) then return figur(div) end
  if div.identifier == '' and div.content:find_if(function(b) return b.t == 'Header' end) then return div.content end
end

-- Der Seitenplan kommt fertig an: `//bw-plan [...]` nennt, womit jeder Block danach im Druck beginnt; was kein Text ist,
-- steht schon zwischen `#bw-stueck(...)[` und `]`, Überschriften und Zeilen aus Text zwischen Blöcken mit je einem davon.
local function beginnt(block)
  return block.t == 'RawBlock' and (block.text:match '^//bw%-plan' or block.text:match '^#bw%-stueck%(') ~= nil
end
local function rahmt(block)
  return block.t == 'RawBlock' and (block.text == ']' or beginnt(block) and not block.text:find '\n')
end

--- Ob ein Block im Druck nichts setzt.
local function leer(block)
  if rahmt(block) then return true end
  if block.t == 'RawBlock' then return block.format ~= 'typst' end
  if block.t ~= 'Div' then return false end
  for _, b in ipairs(block.content) do if not leer(b) then return false end end
  return true
end

--- Ungezählte Überschriften, unter denen im Druck nichts steht, fallen dort weg (Verzeichnisse setzt die Vorlage).
local function entfaellt(blocks, i)
  if not TYPST or not blocks[i].classes:includes 'unnumbered' then return false end
  local n = i + 1
  while blocks[n] and leer(blocks[n]) do n = n + 1 end
  return not blocks[n] or blocks[n].t == 'Header' and blocks[n].level <= blocks[i].level
end

--- Ein Absatz nur aus Fettem ist eine Zwischenüberschrift, aber kein Kapitel.
local function frage(absatz, tiefe)
  local auf = TYPST and string.format('#bw-frage(%d)[', math.max(tiefe, 1) + 1) or string.format('<h%d class="bw-frage">', tiefe + 2)
  local zu = TYPST and ']' or string.format('</h%d>', tiefe + 2)
  return { roh(auf), pandoc.Plain(absatz.content[1].content), roh(zu) }
end

--- Die Anfänge, wenn es so viele sind wie Blöcke bis zum nächsten Stück; sonst bricht Typst hier von selbst um.
local function passend(auf, blocks, ab)
  local anzahl = 0
  for n = ab, #blocks do
    if rahmt(blocks[n]) or beginnt(blocks[n]) then break end
    local weg = blocks[n].t == 'Header' and entfaellt(blocks, n)
    if not leer(blocks[n]) and not weg then anzahl = anzahl + 1 end
  end
  return anzahl == #auf and auf or pandoc.List {}
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
  local geplant = doc.meta.berichtswerk and doc.meta.berichtswerk.geplant
  local blocks, neu, oberste, tiefe, kapitel = doc.blocks, pandoc.Blocks {}, 6, 0, 0
  for _, b in ipairs(blocks) do if b.t == 'Header' then oberste = math.min(oberste, b.level) end end
  local auf, offen, im_feld = pandoc.List {}, pandoc.List {}, false
  for i, b in ipairs(blocks) do
    if b.t == 'Header' and b.level == oberste then kapitel = kapitel + 1 end
    b = verweise(b, kapitel)
    local plan = TYPST and b.t == 'RawBlock' and b.text:match '^//bw%-plan (.*)'
    local faellt_weg = b.t == 'Header' and entfaellt(blocks, i)
    local beginn = not plan and #auf > 0 and not leer(b) and not faellt_weg and auf:remove(1)
    if beginn then neu:insert(roh(beginn)) end
    if plan then
      auf = passend(pandoc.List(pandoc.json.decode(plan)), blocks, i + 1)
    elseif HTML and b.t == 'RawBlock' and b.text == AUFTAKT then
      im_feld = true
    elseif b.t == 'Header' then
      tiefe = b.level - oberste + 1
      if TYPST and not geplant and b.classes:includes 'bw-neue-seite' then neu:insert(roh '#place.flush()\n#pagebreak(weak: true)') end
      if HTML then beginne(neu, offen, b, math.min(tiefe + 1, 6), im_feld) elseif not faellt_weg then neu:insert(b) end
      im_feld = false
    elseif b.t == 'Para' and #b.content == 1 and b.content[1].t == 'Strong' then
      neu:extend(frage(b, tiefe))
    else
      neu:insert(b)
    end
    if beginn then neu:insert(roh ']') end
  end
  schliesse(neu, offen, 0)
  doc.blocks = neu
  return doc
end

--- Als PDF setzt Quarto die Berichte; „quarto render --to typst“ verlangt es von allem. Was eine eigene Gestalt hat,
--- liegt schon fertig da.
local function nur_berichte(doc)
  local b = doc.meta.berichtswerk
  if TYPST and not (b and b.stamm and not b.gestalt) then
    doc.blocks = pandoc.Blocks { pandoc.Para 'Diese Seite gibt es nur auf der Website.' }
    return doc
  end
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

if not (TYPST or HTML) then return {} end
return {
  { Pandoc = startseite },
  { Pandoc = nur_berichte },
  { Pandoc = nimm_fertiges },
  {
    Image = bild,
    -- Quarto startete sonst für jede HTML-Tabelle einen Prozess, um sie in Typst zu übersetzen.
    RawBlock = TYPST and function(block) if block.format == 'html' then return {} end end or nil,
    Table = tabelle,
    Div = rahmen,
    -- pandoc hängt die Marke an das, was davor steht; am Anfang eines Listenpunkts ist das nichts
    Span = TYPST and function(s)
      if s.identifier == '' then return end
      local marke = roh_im_satz('#metadata(none)<' .. s.identifier .. '>')
      s.identifier = ''
      return { marke, s }
    end or nil,
  },
  { Pandoc = gliedere },
}
