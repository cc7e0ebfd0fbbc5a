-- Eine Pandoc-Tabelle als Typst-Tabelle: Spaltenbreiten nach Inhalt, Kopf wiederholt sich, Zahlen rechts.
local M = {}

local function roh(text) return pandoc.RawBlock('typst', text) end

local function laenge(s) return utf8.len(s) or #s end

local function laengstes_wort(s)
  local n = 0
  for wort in s:gmatch '[^%s\u{a0}-]+' do n = math.max(n, laenge(wort)) end
  return n
end

local function ist_zahl(s)
  return s:match '^[%s%(%)+%d%.,:…/x–\u{a0}\u{2007}\u{2008}\u{202f}\u{2212}%%‰€%a]*$' and (s:match '%d' or laenge(s) <= 1)
    and not s:match '%a%a%a%a'
end

local function alle_zeilen(t)
  local zeilen = pandoc.List {}
  for _, rumpf in ipairs(t.bodies) do
    zeilen:extend(rumpf.head)
    zeilen:extend(rumpf.body)
  end
  zeilen:extend(t.foot.rows)
  return zeilen
end

--- Ruft `tu(spalte, zelle)` für jede Zelle; Zellen über mehrere Zeilen verschieben die folgenden.
local function durchlaufe(zeilen, tu)
  local belegt = {}
  for _, zeile in ipairs(zeilen) do
    local i = 1
    for _, zelle in ipairs(zeile.cells) do
      while (belegt[i] or 0) > 0 do belegt[i] = belegt[i] - 1 i = i + 1 end
      tu(i, zelle)
      for j = i, i + zelle.col_span - 1 do belegt[j] = zelle.row_span - 1 end
      i = i + zelle.col_span
    end
    while (belegt[i] or 0) > 0 do belegt[i] = belegt[i] - 1 i = i + 1 end
  end
end

--- Für jede Spalte: längste Zelle, längstes Wort in Kopf und Rumpf, ob lauter Zahlen darin stehen.
local function vermessen(t)
  local spalten = {}
  for i = 1, #t.colspecs do spalten[i] = { inhalt = 1, kopf = 1, wort = 1, zahl = true, leer = true } end
  durchlaufe(alle_zeilen(t), function(i, zelle)
    local s, text = spalten[i], pandoc.utils.stringify(zelle.contents)
    if zelle.col_span > 1 or not s then return end
    s.inhalt = math.max(s.inhalt, laenge(text))
    s.wort = math.max(s.wort, laengstes_wort(text))
    s.leer = false
    if not ist_zahl(text) then s.zahl = false end
  end)
  durchlaufe(t.head.rows, function(i, zelle)
    if zelle.col_span > 1 or not spalten[i] then return end
    spalten[i].kopf = math.max(spalten[i].kopf, laengstes_wort(pandoc.utils.stringify(zelle.contents)))
  end)
  return spalten
end

-- So viele Zeichen fasst die Textbreite, so viele kostet der Innenabstand; wo es nicht reicht, gilt ENG.
local NORMAL = { ganz = 84, rand = 2.6, stil = '' }
local ENG = {
  ganz = 89, rand = 1.8,
  stil = '#show table: set text(size: 8.5pt)\n#set table(inset: (x: 4pt, y: 4pt))\n',
}
local FETT = 1.1  -- so viel breiter als im Rumpf ist ein Zeichen im Kopf

--- Je Spalte die kleinste Breite (nichts Unteilbares bricht) und die gewünschte, in Zeichen.
local function breiten(spalten, kopf, rand)
  local klein, gross, summe_klein, summe_gross = {}, {}, 0, 0
  for i, s in ipairs(spalten) do
    local zahl = s.zahl and i > 1
    local wunsch = zahl and s.inhalt or math.min(s.inhalt, 40) + math.min(math.max(s.inhalt - 40, 0), 240) * 0.4
    local wort = i == 1 and s.wort * FETT or s.wort  -- Summen und Gruppen sind auch vorn fett
    klein[i] = math.max(zahl and s.inhalt * 1.1 or math.min(wort, 24), math.min(s.kopf * FETT, kopf), 2) + rand
    gross[i] = math.max(klein[i], math.max(wunsch, math.min(s.kopf * 1.15, 18)) * 1.05 + rand)
    summe_klein, summe_gross = summe_klein + klein[i], summe_gross + gross[i]
  end
  return klein, gross, summe_klein, summe_gross
end

--- Ganze Wörter im Kopf, wenn sie alle Platz haben; sonst werden die langen getrennt.
local function passende_breiten(spalten)
  for _, mass in ipairs { NORMAL, ENG } do
    for _, kopf in ipairs { 20, 14, 10 } do
      local klein, gross, summe_klein, summe_gross = breiten(spalten, kopf, mass.rand)
      if summe_klein <= mass.ganz then return mass, klein, gross, summe_klein, summe_gross end
    end
  end
  return ENG, breiten(spalten, 7, ENG.rand)
end

--- Spaltenbreiten für Typst in Zeichen und der Anteil der Tabelle an der Textbreite in Prozent.
local function spaltenbreiten(spalten)
  local mass, klein, gross, summe_klein, summe_gross = passende_breiten(spalten)
  local teil = 1
  if summe_gross > mass.ganz and summe_gross > summe_klein then
    teil = math.max(0, (mass.ganz - summe_klein) / (summe_gross - summe_klein))
  end
  local liste = {}
  local summe = 0
  for i in ipairs(klein) do
    liste[i] = klein[i] + (gross[i] - klein[i]) * teil
    summe = summe + liste[i]
  end
  local anteil = math.ceil(summe_gross / mass.ganz * 100)
  anteil = anteil > 78 and 100 or math.max(60, anteil)
  return liste, anteil, mass.ganz * anteil / 100 / summe, mass
end

local function ausrichtung(t, spalten, i)
  local a = t.colspecs[i][1]
  if a == 'AlignRight' then return 'right' end
  if a == 'AlignCenter' then return 'center' end
  return (i > 1 and spalten[i].zahl and not spalten[i].leer) and 'right' or 'left'
end

local function zelle_typst(zelle, stil, lage, trennen, ganze_woerter)
  local args = {}
  if trennen then table.insert(args, 'trennen: true') end
  if zelle.col_span > 1 then table.insert(args, 'colspan: ' .. zelle.col_span) end
  if zelle.row_span > 1 then table.insert(args, 'rowspan: ' .. zelle.row_span) end
  if lage then table.insert(args, 'align: ' .. lage) end
  local name = stil and ('bw-zelle-' .. stil) or 'table.cell'
  local blocks = pandoc.Blocks { roh('  ' .. name .. '(' .. table.concat(args, ', ') .. ')[') }
  if ganze_woerter then blocks:insert(roh '#set text(hyphenate: false)') end
  blocks:extend(zelle.contents)
  blocks:insert(roh '  ],')
  return blocks
end

local function stil_der_zeile(zeile)
  for _, k in ipairs { 'gruppe', 'summe', 'vergleich' } do
    if zeile.attr.classes:includes(k) then return k end
  end
end

local function spaltenangaben(breite)
  local liste = {}
  for i, b in ipairs(breite) do liste[i] = string.format('%.1ffr', b) end
  return liste
end

--- Blöcke mit der fertigen Tabelle; `t` ist eine Pandoc-Tabelle.
function M.schreibe(t)
  t = t:walk { Span = function(s) if s.classes:includes 'bw-vorlesen' then return {} end end }
  local spalten = vermessen(t)
  local breite, anteil, zeichen, mass = spaltenbreiten(spalten)
  local lage = {}
  for i = 1, #breite do lage[i] = ausrichtung(t, spalten, i) end
  local blocks = pandoc.Blocks {
    roh(string.format('#block(width: %d%%)[%s#table(\n  columns: (%s,),\n  align: (%s,),', anteil, mass.stil,
      table.concat(spaltenangaben(breite), ', '), table.concat(lage, ', '))),
  }
  if #t.head.rows > 0 then
    blocks:insert(roh '  table.header(repeat: true,')
    durchlaufe(t.head.rows, function(i, zelle)
      local platz = -mass.rand
      for j = i, math.min(i + zelle.col_span - 1, #breite) do platz = platz + breite[j] * zeichen end
      local trennen = laengstes_wort(pandoc.utils.stringify(zelle.contents)) * FETT > platz
      blocks:extend(zelle_typst(zelle, 'kopf', zelle.col_span > 1 and 'center' or nil, trennen))
    end)
    blocks:insert(roh '  ),')
  end
  local erste = breite[1] * zeichen - mass.rand
  for _, zeile in ipairs(alle_zeilen(t)) do
    for i, zelle in ipairs(zeile.cells) do
      local passt = i == 1 and laengstes_wort(pandoc.utils.stringify(zelle.contents)) * FETT <= erste
      blocks:extend(zelle_typst(zelle, stil_der_zeile(zeile), nil, false, passt))
    end
  end
  blocks:insert(roh ')]')
  return blocks
end

return M
