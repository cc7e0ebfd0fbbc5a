-- Was die Texte in Quarto brauchen, damit sie aussehen wie beim eingebauten Satz: Fragen, Kästen, Tabellen,
-- gedruckt auch Bilder und Verweise. Was die Notizbücher zeigen, kommt fertig an (src/berichtswerk/schreiber/quarto.py).
-- Läuft vor Quartos eigenen Filtern (`at: pre-ast`): da ist noch alles, wie es geschrieben wurde.
local TYPST = FORMAT:match 'typst' ~= nil
local HTML = FORMAT:match 'html' ~= nil

local function roh(text) return pandoc.RawBlock(TYPST and 'typst' or 'html', text) end
local function roh_im_satz(text) return pandoc.RawInline('typst', text) end

-- Tabellen: breite rollen in sich, nicht die ganze Seite. Im Druck schreibt Quarto Zellen als `[= …]`: das läse Typst
-- als Überschrift oder Liste.
local function maskiere(plain)
  local erstes = plain.content[1]
  if erstes and erstes.t == 'Str' and (erstes.text:match '^[=+/-]' or erstes.text:match '^%d+%.') then
    plain.content:insert(1, roh_im_satz(erstes.text:match '^%d' and '#h(0pt)' or '\\'))
    return plain
  end
end

local function rollbereich(t)
  local angaben = { { 'role', 'group' }, { 'tabindex', '0' }, { 'aria-label', 'Tabelle, waagerecht verschiebbar' } }
  return pandoc.Div({ t }, pandoc.Attr('', { 'bw-rollbereich' }, angaben))
end

-- Bilder und Tabellen aus Texten stehen im Druck im selben Rahmen wie die der Notizbücher.
local WORT = { fig = 'Abbildung', tbl = 'Tabelle' }
local function zitat(text) return '"' .. text:gsub('\\', '\\\\'):gsub('"', '\\"') .. '"' end

local function druckbild(bild)
  return roh_im_satz('#box(image(' .. zitat(bild.src) .. ', alt: ' .. zitat(bild.attributes['fig-alt'] or '') .. '))')
end

local function bild_oder_tafel(div) return WORT[div.identifier:match '^(%a+)%-' or ''] end

local function figur(div)
  local marke, inhalt = div.identifier, div.content:clone()
  local art = marke:sub(1, 3)
  local text = #inhalt > 1 and inhalt:remove(#inhalt).content or pandoc.Inlines {}
  local zu = pandoc.Inlines { roh_im_satz '], caption: figure.caption(position: top, [' } .. text
  zu:insert(roh_im_satz(']), kind: "quarto-float-' .. art .. '", supplement: "' .. bild_oder_tafel(div) .. '", numbering: "1") <' .. marke .. '>\n]'))
  local blocks = pandoc.Blocks { roh('#bw-figur(marke: "' .. marke .. '")[\n#figure([') } .. inhalt:walk { Image = druckbild }
  blocks:insert(pandoc.Plain(zu))
  return pandoc.Div(blocks)
end

--- `: Überschrift {#tbl-x}` unter der Tabelle steht danach wie bei `::: {#tbl-x}`.
local function tabelle(t)
  if TYPST then t = t:walk { Plain = maskiere, Para = maskiere } end
  local text = pandoc.utils.blocks_to_inlines(t.caption.long)
  local letztes = text[#text]
  local marke = letztes and letztes.t == 'Str' and letztes.text:match '^{#(tbl%-[%w_-]+)}$'
  if #text == 0 then return TYPST and t or rollbereich(t) end
  if not marke then return TYPST and t or nil end
  text:remove(#text)
  if #text > 0 and text[#text].t == 'Space' then text:remove(#text) end
  t.caption = { long = {}, short = nil }
  local div = pandoc.Div({ TYPST and t or rollbereich(t), pandoc.Para(text) }, pandoc.Attr(marke))
  return TYPST and figur(div) or div
end

-- Worauf Texte verweisen, kommt fertig an: `//bw-marken {"fig-x": ["Abbildung 3", "3", 2]}` nennt Name, Nummer und das
-- Kapitel, wenn ein Notizbuch es zeigt: aus einem anderen Kapitel steht im Druck die Seite dabei.
local MARKEN = {}
local function merke_marken(doc)
  doc.blocks = doc.blocks:filter(function(b)
    local marken = b.t == 'RawBlock' and b.text:match '^//bw%-marken (.*)'
    if marken then MARKEN = pandoc.json.decode(marken, false) end
    return not marken
  end)
  return doc
end

local function verweise(block, kapitel)
  return block:walk { Cite = function(c)
    local teile = {}
    for _, z in ipairs(c.citations) do
      local marke = MARKEN[z.id]
      if not marke then return nil end
      local text = z.mode == 'SuppressAuthor' and marke[2] or marke[1]
      local seite = marke[3] and marke[3] ~= kapitel and ', S.~#bw-seitenzahl("' .. z.id .. '")' or ''
      table.insert(teile, '#link(<' .. z.id .. '>)[' .. text .. seite .. '];')
    end
    return roh_im_satz(table.concat(teile, ', '))
  end }
end

-- Kästen im Druck mit ihrer Art; Quarto reichte nur eine Farbe weiter.
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
  if not TYPST then return nil end
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

--- Der Reihe nach durch das Dokument; `tiefe` ist die der letzten Überschrift, Kapitel haben 1.
local function gliedere(doc)
  local geplant = doc.meta.berichtswerk and doc.meta.berichtswerk.geplant
  local blocks, neu, oberste, tiefe, kapitel = doc.blocks, pandoc.Blocks {}, 6, 0, 0
  for _, b in ipairs(blocks) do if b.t == 'Header' then oberste = math.min(oberste, b.level) end end
  local auf = pandoc.List {}
  for i, b in ipairs(blocks) do
    if b.t == 'Header' and b.level == oberste then kapitel = kapitel + 1 end
    if TYPST then b = verweise(b, kapitel) end
    local plan = TYPST and b.t == 'RawBlock' and b.text:match '^//bw%-plan (.*)'
    local faellt_weg = b.t == 'Header' and entfaellt(blocks, i)
    local beginn = not plan and #auf > 0 and not leer(b) and not faellt_weg and auf:remove(1)
    if beginn then neu:insert(roh(beginn)) end
    if plan then
      auf = passend(pandoc.List(pandoc.json.decode(plan)), blocks, i + 1)
    elseif b.t == 'Header' then
      tiefe = b.level - oberste + 1
      if TYPST and not geplant and b.classes:includes 'bw-neue-seite' then neu:insert(roh '#place.flush()\n#pagebreak(weak: true)') end
      if not faellt_weg then neu:insert(b) end
    elseif b.t == 'Para' and #b.content == 1 and b.content[1].t == 'Strong' then
      neu:extend(frage(b, tiefe))
    else
      neu:insert(b)
    end
    if beginn then neu:insert(roh ']') end
  end
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
  for _, name in ipairs { 'title', 'subtitle', 'berichtswerk' } do doc.meta[name] = seite.meta[name] end
  doc.blocks = seite.blocks
  return doc
end

if not (TYPST or HTML) then return {} end
return {
  { Pandoc = startseite },
  { Pandoc = nur_berichte },
  { Pandoc = merke_marken },
  {
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
