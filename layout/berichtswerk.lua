-- Die eigenen Rahmen der Berichte (`.bw-…`), für beide Wege: den eingebauten Satz und Quarto.
-- In _quarto.yml genannt unter `filters`; FORMAT setzt pandoc, Quarto oder der eingebaute Satz.
-- Der eingebaute Satz wendet die Filter Zelle für Zelle an; wer das ganze Dokument sehen will, schreibt einen
-- Filter `Pandoc` oder `Meta`.
local TYPST = FORMAT:match 'typst' ~= nil
local HTML = FORMAT:match 'html' ~= nil

local function roh(text) return pandoc.RawBlock(TYPST and 'typst' or 'html', text) end

--- Blöcke zwischen zwei rohe Zeilen.
local function fasse(auf, inhalt, zu)
  local blocks = pandoc.Blocks { roh(auf) }
  blocks:extend(inhalt)
  blocks:insert(roh(zu))
  return blocks
end

--- Die erste Marke einer Abbildung oder Tabelle im Rahmen.
local function marke(div)
  local gefunden = ''
  div:walk {
    Div = function(d)
      if gefunden == '' and (d.identifier:match '^fig%-' or d.identifier:match '^tbl%-') then gefunden = d.identifier end
    end,
  }
  return gefunden
end

--- Eckwerte: je Begriff eine Karte; die erste Angabe ist der Wert.
local function eckwerte(div)
  local karten = pandoc.Blocks {}
  div:walk {
    DefinitionList = function(liste)
      for _, eintrag in ipairs(liste.content) do
        local begriff, angaben = eintrag[1], eintrag[2]
        if TYPST then
          karten:insert(pandoc.Plain(pandoc.Inlines { pandoc.RawInline('typst', '(begriff: [') } .. begriff
            .. pandoc.Inlines { pandoc.RawInline('typst', '], angaben: (') }))
          for _, angabe in ipairs(angaben) do karten:extend(fasse('[', angabe, '],')) end
          karten:insert(roh ')),')
        else
          karten:extend { roh '<div>', roh '<dt>', pandoc.Plain(begriff), roh '</dt>' }
          for _, angabe in ipairs(angaben) do karten:extend(fasse('<dd>', angabe, '</dd>')) end
          karten:insert(roh '</div>')
        end
      end
    end,
  }
  if TYPST then return fasse('#bw-eckwerte((', karten, '))') end
  return fasse('<dl class="bw-eckwerte">', karten, '</dl>')
end

--- Ein Steckbrief im Druck: der Name, dann je Feld ein Absatz mit dem Feldnamen im Lauf.
local function steckbrief(div)
  local blocks = pandoc.Blocks {}
  for _, block in ipairs(div.content) do
    if block.t == 'DefinitionList' then
      for _, eintrag in ipairs(block.content) do
        local zeile = pandoc.Inlines { pandoc.Strong(eintrag[1]), pandoc.Space() }
        for _, angabe in ipairs(eintrag[2]) do zeile:extend(pandoc.utils.blocks_to_inlines(angabe)) end
        blocks:insert(pandoc.Para(zeile))
      end
    else
      blocks:insert(block)
    end
  end
  return blocks
end

--- Steckbriefe, die aufeinander folgen, stehen im Druck zu zweit nebeneinander.
local function steckbriefe(blocks)
  local neu, offen = pandoc.Blocks {}, false
  for _, block in ipairs(blocks) do
    local einer = block.t == 'Div' and block.classes:includes 'bw-steckbrief'
    if einer ~= offen then neu:insert(roh(einer and '#bw-steckbriefe(' or ')')) end
    if einer then neu:extend(fasse('[', steckbrief(block), '],')) else neu:insert(block) end
    offen = einer
  end
  if offen then neu:insert(roh ')') end
  return neu
end

--- `### Titel {.bw-neue-seite}` beginnt im Druck auf einer neuen Seite.
local function neue_seite(titel)
  if TYPST and titel.classes:includes 'bw-neue-seite' then
    return { roh '#place.flush()\n#pagebreak(weak: true)', titel }
  end
end

-- Quarto wendet diesen Filter vor seinen eigenen an (`at: pre-ast`). Was es selbst anders setzte als der
-- eingebaute Satz, steht dann schon fertig da: Tabellen, Kästen, die leere Überschrift im Druck.
local QUARTO = quarto ~= nil

--- Breite Tabellen rollen in sich, nicht die ganze Seite.
local function rollbereich(block)
  local rolle = { role = 'group', tabindex = '0', ['aria-label'] = 'Tabelle, waagerecht verschiebbar' }
  return pandoc.Div({ block }, pandoc.Attr('', { 'bw-rollbereich' }, rolle))
end

--- Eine Tabelle der Übergabe: im Druck steht sie daneben schon als Typst (Quarto startete sonst für jede
--- HTML-Tabelle einen Prozess).
local function html_tabelle(block)
  if block.format ~= 'html' or not block.text:match '^%s*<table[%s>]' then return nil end
  return HTML and rollbereich(block) or {}
end

--- Quarto schreibt Zellen als `[= …]`: das läse Typst als Überschrift oder Liste.
local function maskiere(plain)
  local erstes = plain.content[1]
  if erstes and erstes.t == 'Str' and (erstes.text:match '^[=+/-]' or erstes.text:match '^%d+%.$') then
    plain.content:insert(1, pandoc.RawInline('typst', erstes.text:match '^%d' and '#h(0pt)' or '\\'))
    return plain
  end
end

local function tabelle(t)
  if TYPST then return t:walk { Plain = maskiere } end
  if #t.caption.long == 0 then return rollbereich(t) end
end

local KAESTEN = { note = 'Hinweis', tip = 'Tipp', important = 'Wichtig', caution = 'Vorsicht', warning = 'Warnung' }

--- Ein Kasten im Druck mit seiner Art; Quarto reichte nur eine Farbe weiter.
local function kasten(div)
  for _, klasse in ipairs(div.classes) do
    local art = klasse:match '^callout%-(%a+)$'
    if art and KAESTEN[art] and div.identifier == '' then
      local inhalt, titel = div.content:clone(), pandoc.Inlines(div.attributes.title or KAESTEN[art])
      if inhalt[1] and inhalt[1].t == 'Header' then titel = inhalt:remove(1).content end
      local kopf = pandoc.Inlines { pandoc.RawInline('typst', '#callout(title: [') } .. titel
      kopf:insert(pandoc.RawInline('typst', '], art: "' .. art .. '", body: ['))
      local blocks = pandoc.Blocks { pandoc.Plain(kopf) } .. inhalt
      blocks:insert(roh '])')
      return blocks
    end
  end
end

local function leer(block)
  if block.t ~= 'Div' then return false end
  for _, b in ipairs(block.content) do if not leer(b) then return false end end
  return true
end

--- Ungezählte Überschriften, unter denen im Druck nichts steht, fallen weg (Verzeichnisse setzt die Vorlage).
local function ohne_leere(blocks)
  local bleibt = pandoc.Blocks {}
  for i, b in ipairs(blocks) do
    local n = i + 1
    while blocks[n] and leer(blocks[n]) do n = n + 1 end
    local weg = b.t == 'Header' and b.classes:includes 'unnumbered'
      and (not blocks[n] or blocks[n].t == 'Header' and blocks[n].level <= b.level)
    if not weg then bleibt:insert(b) end
  end
  return bleibt
end

local function daten(div)
  if not HTML then return {} end
  local titel = div.attributes.titel or 'Daten als Tabelle und zum Herunterladen'
  titel = titel:gsub('&', '&amp;'):gsub('<', '&lt;'):gsub('>', '&gt;')
  return fasse('<details class="bw-daten"><summary>' .. titel .. '</summary>', div.content, '</details>')
end

local RAHMEN = {
  ['bw-figur'] = function(div)
    if not TYPST then return nil end
    return fasse(string.format('#bw-figur(marke: "%s")[', marke(div)), div.content, ']')
  end,
  ['bw-befund'] = function(div) if TYPST then return fasse('#bw-befund[', div.content, ']') end end,
  ['bw-beleg'] = function(div) if TYPST then return fasse('#bw-beleg[', div.content, ']') end end,
  ['bw-begriffe'] = function(div) if TYPST then return fasse('#bw-begriffe[', div.content, ']') end end,
  ['bw-eckwerte'] = eckwerte,
  ['bw-daten'] = daten,
  ['bw-verzeichnisse'] = function(div)
    if TYPST then return {} end
    div.classes = pandoc.List { 'bw-verzeichnisse' }
    div.attributes['when-format'] = nil
    return div
  end,
}

-- Feste Abstände in Abkürzungen und vor Zahlen.
local SCHMAL, FEST = '\u{202f}', '\u{a0}'
local KUERZEL = { ['z.'] = { 'B.', 'T.' }, ['d.'] = { 'h.' }, ['u.'] = { 'a.', 'ä.' }, ['o.'] = { 'ä.', 'g.' }, ['i.'] = { 'd.', 'S.' }, ['v.'] = { 'a.' } }
local VOR_ZAHL = { ['§'] = true, ['§§'] = true, ['Nr.'] = true, ['Abs.'] = true, ['S.'] = true, ['Art.'] = true, ['Kap.'] = true }

local function abstand(links, rechts)
  for _, r in ipairs(KUERZEL[links:match '%a+%.$' or ''] or {}) do
    if rechts:sub(1, #r) == r then return SCHMAL end
  end
  if VOR_ZAHL[links] and rechts:match '^%d' then return FEST end
  if links:match '%d$' and (rechts:match '^[%%‰€]' or rechts == '€') then return SCHMAL end
end

--- Billige Vorprüfung: die meisten Absätze enthalten nichts davon.
local function lohnt(text)
  return text:find '%f[%a][zduoiv]%.%s?[%aä]' or text:find '§' or text:find '%d%s%%' or text:find '%d%s‰'
    or text:find '%d%s€' or text:find '[.]%s%d'
end

--- „z.B.“ ohne Abstand bekommt einen.
local function mit_abstand(text)
  for links, liste in pairs(KUERZEL) do
    for _, rechts in ipairs(liste) do
      if text == links .. rechts then return links .. SCHMAL .. rechts end
    end
  end
end

local function setze_abstaende(inlines)
  if not lohnt(pandoc.utils.stringify(inlines)) then return nil end
  for i = #inlines, 1, -1 do
    local m = inlines[i]
    local art = m.t
    if art == 'Str' then
      local neu = mit_abstand(m.text)
      if neu then m.text = neu end
    elseif (art == 'Space' or art == 'SoftBreak') and i > 1 and i < #inlines then
      local l, r = inlines[i - 1], inlines[i + 1]
      local zeichen = l.t == 'Str' and r.t == 'Str' and abstand(l.text, r.text)
      if zeichen then
        l.text = l.text .. zeichen .. r.text
        inlines:remove(i + 1)
        inlines:remove(i)
      end
    end
  end
  return inlines
end

-- So viele Filter am Anfang der Liste tun in jedem Format dasselbe; der eingebaute Satz spart daran.
BW_GEMEINSAM = 1

--- Der eingebaute Satz nennt in BW_TEXT den Text der Zelle; Quarto nennt keinen, dann kann alles vorkommen.
local function kann_vorkommen(wort) return not BW_TEXT or BW_TEXT:find(wort, 1, true) ~= nil end

local function abstaende_moeglich()
  if not BW_TEXT then return true end
  for _, muster in ipairs { '%f[%a][zduoiv]%.', '§', '%d%s*%%', '‰', '€', '[.]%s+%d', '&', '\\' } do
    if BW_TEXT:find(muster) then return true end
  end
  return false
end

return {
  { Inlines = abstaende_moeglich() and setze_abstaende or nil },
  {
    -- Nur für Vorleseprogramme der Webseite; gedruckt stünde es doppelt.
    Span = TYPST and kann_vorkommen 'bw-vorlesen' and function(s)
      if s.classes:includes 'bw-vorlesen' then return {} end
    end or nil,
    Header = TYPST and neue_seite or nil,
    RawBlock = QUARTO and (TYPST or HTML) and html_tabelle or nil,
    Table = QUARTO and (TYPST or HTML) and tabelle or nil,
    Blocks = TYPST and kann_vorkommen 'bw-steckbrief' and steckbriefe or nil,
    Div = kann_vorkommen ':::' and function(div)
      for _, klasse in ipairs(div.classes) do
        local rahmen = RAHMEN[klasse]
        if rahmen then return rahmen(div) end
      end
      if QUARTO and TYPST then return kasten(div) end
    end or nil,
  },
  { Pandoc = QUARTO and TYPST and function(doc) doc.blocks = ohne_leere(doc.blocks) return doc end or nil },
}
