-- Die eigenen Rahmen der Berichte (`.bw-…`), für beide Wege: den eingebauten Satz und Quarto.
-- In _quarto.yml genannt unter `filters`; FORMAT setzt pandoc, Quarto oder der eingebaute Satz.
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

--- Mehr Zeilen passen nicht sicher auf eine Seite: dann darf die Tabelle umbrechen.
local ZEILEN_BEISAMMEN = 22

local function lange_tabelle(div)
  local zeilen = 0
  local function zaehle(d)
    d.content:walk {
      RawBlock = function(r) zeilen = zeilen + select(2, r.text:gsub('<tr[ >]', '')) end,
      Table = function(t) for _, rumpf in ipairs(t.bodies) do zeilen = zeilen + #rumpf.body end end,
    }
  end
  div:walk { Div = function(d) if d.identifier:match '^tbl%-' then zaehle(d) end end }
  return zeilen > ZEILEN_BEISAMMEN
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

local function daten(div)
  if not HTML then return {} end
  local titel = div.attributes.titel or 'Daten als Tabelle und zum Herunterladen'
  titel = titel:gsub('&', '&amp;'):gsub('<', '&lt;'):gsub('>', '&gt;')
  return fasse('<details class="bw-daten"><summary>' .. titel .. '</summary>', div.content, '</details>')
end

local RAHMEN = {
  ['bw-figur'] = function(div)
    if not TYPST then return nil end
    local name = lange_tabelle(div) and '#bw-tafel' or '#bw-figur'
    return fasse(string.format('%s(marke: "%s")[', name, marke(div)), div.content, ']')
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

return {
  { Inlines = setze_abstaende },
  {
    -- Nur für Vorleseprogramme der Webseite; gedruckt stünde es doppelt.
    Span = function(s) if TYPST and s.classes:includes 'bw-vorlesen' then return {} end end,
    Div = function(div)
      for _, klasse in ipairs(div.classes) do
        local rahmen = RAHMEN[klasse]
        if rahmen then return rahmen(div) end
      end
    end,
  },
}
