-- HTML mit den Klassen und Marken, die auch Quarto vergibt: ein Stylesheet dient beiden.
local g = require 'gemeinsam'
local M = {}

local UUID = '0ceaefa1-69ba-4598-a22c-09a6ac19f8ca'

local function roh(text) return pandoc.RawBlock('html', text) end

local function esc(text)
  return (text:gsub('&', '&amp;'):gsub('<', '&lt;'):gsub('>', '&gt;'):gsub('"', '&quot;'))
end

--- figcaption mit der Kennung, die Quarto vergibt.
local function unterschrift(platz, marke, lage, inhalt)
  local art = g.art(marke)
  local blocks = pandoc.Blocks {
    roh(string.format(
      '<figcaption class="quarto-float-caption-%s quarto-float-caption quarto-float-%s" id="%s-caption-%s">',
      lage, art, marke, UUID)),
  }
  local text = pandoc.Inlines { pandoc.Str(platz('name', marke) .. ': ') } .. inhalt
  blocks:insert(pandoc.Plain(text))
  blocks:insert(roh '</figcaption>')
  return blocks
end

local function huelle(marke, art, innen)
  local klassen = art == 'fig' and 'quarto-float quarto-figure quarto-figure-center anchored' or 'quarto-float anchored'
  local blocks = pandoc.Blocks {
    roh(string.format('<div id="%s" class="%s">', marke, klassen)),
    roh(string.format('<figure class="quarto-float quarto-float-%s figure">', art)),
  }
  blocks:extend(innen)
  blocks:extend { roh '</figure>', roh '</div>' }
  return blocks
end

local function bild_html(b)
  local alt = b.attributes['fig-alt'] or b.attributes.alt or pandoc.utils.stringify(b.caption)
  return string.format('<img src="%s" class="img-fluid figure-img" alt="%s">', esc(b.src), esc(alt))
end

local function abbildung(platz, marke, bild, text)
  local innen = pandoc.Blocks {
    roh(string.format('<div aria-describedby="%s-caption-%s">', marke, UUID)), roh(bild_html(bild)), roh '</div>',
  }
  innen:extend(unterschrift(platz, marke, 'bottom', text))
  return huelle(marke, 'fig', innen)
end

--- Rollbarer Bereich um eine Tabelle: mit der Tastatur erreichbar und benannt.
local function rollbereich(tabelle, beschriftet_durch)
  local name = beschriftet_durch and string.format('aria-labelledby="%s"', beschriftet_durch)
    or 'aria-label="Tabelle, waagerecht verschiebbar"'
  return pandoc.Blocks {
    roh('<div class="bw-rollbereich" role="group" tabindex="0" ' .. name .. '>'), tabelle, roh '</div>',
  }
end

--- Die Sicherheitsrichtlinie der Seiten verbietet style: rechtsbündige Spalten bekommen die Klasse „zahl“.
local function ausrichtung_als_klasse(t)
  local rechts = {}
  for i, spalte in ipairs(t.colspecs) do rechts[i] = spalte[1] == 'AlignRight' end
  local function zeilen(liste)
    for _, zeile in ipairs(liste) do
      for i, zelle in ipairs(zeile.cells) do
        if rechts[i] or zelle.alignment == 'AlignRight' then zelle.classes:insert 'zahl' end
        zelle.alignment = 'AlignDefault'
      end
    end
  end
  zeilen(t.head.rows)
  for _, rumpf in ipairs(t.bodies) do zeilen(rumpf.body) end
  zeilen(t.foot.rows)
  local ohne = pandoc.List {}
  for i = 1, #t.colspecs do ohne[i] = { 'AlignDefault', nil } end
  t.colspecs = ohne
end

--- Kopf- und Vorspaltenzellen bekommen scope, soweit es fehlt; dazu die Klassen von Quarto.
local function zeichne_aus(t)
  for _, k in ipairs { 'caption-top', 'table' } do
    if not t.classes:includes(k) then t.classes:insert(k) end
  end
  for _, zeile in ipairs(t.head.rows) do
    for _, zelle in ipairs(zeile.cells) do
      if not zelle.attr.attributes.scope then zelle.attr.attributes.scope = zelle.col_span > 1 and 'colgroup' or 'col' end
    end
  end
  for _, rumpf in ipairs(t.bodies) do
    if rumpf.row_head_columns == 0 then rumpf.row_head_columns = 1 end
    for _, zeile in ipairs(rumpf.body) do
      local erste = zeile.cells[1]
      if erste and not erste.attr.attributes.scope then erste.attr.attributes.scope = 'row' end
    end
  end
  ausrichtung_als_klasse(t)
  t.caption = { long = {}, short = nil }
  return t
end

local function roh_tabelle(html)
  return roh((html:gsub('<table class="', '<table class="caption-top table ', 1)
    :gsub('<table>', '<table class="caption-top table">', 1)))
end

local function tabelle(platz, marke, t, html, text)
  local innen = unterschrift(platz, marke, 'top', text)
  local inhalt = html and roh_tabelle(html) or zeichne_aus(t)
  innen:extend(rollbereich(inhalt, marke .. '-caption-' .. UUID))
  return huelle(marke, 'tbl', innen)
end

local function kasten(d, art)
  local titel, inhalt = g.callout_teile(d, art)
  local kopf = pandoc.Div({
    roh '<div class="callout-icon-container" aria-hidden="true"><i class="callout-icon"></i></div>',
    pandoc.Div({ pandoc.Plain(titel) }, { class = 'callout-title-container flex-fill' }),
  }, { class = 'callout-header d-flex align-content-center' })
  local rumpf = pandoc.Div(inhalt, { class = 'callout-body-container callout-body' })
  return pandoc.Div({ kopf, rumpf }, pandoc.Attr(d.identifier,
    { 'callout', 'callout-style-default', 'callout-' .. art, 'callout-titled' }, { role = 'note' }))
end

local function verweise(platz)
  return function(c)
    local teile = pandoc.Inlines {}
    for i, z in ipairs(c.citations) do
      if i > 1 then teile:extend { pandoc.Str ',', pandoc.Space() } end
      local text = platz(z.mode == 'SuppressAuthor' and 'nummer' or 'name', z.id)
      teile:insert(pandoc.Link({ pandoc.Str(text) }, '#' .. z.id, '', { class = 'quarto-xref' }))
    end
    return teile
  end
end

local function ueberschrift(platz, oberste)
  return function(h)
    h.level = h.level - oberste + 2
    h.classes:insert 'anchored'
    if not h.classes:includes 'unnumbered' then
      local nummer = platz('nummer', h.identifier)
      h.attributes.number = nummer
      h.content:insert(1, pandoc.Space())
      h.content:insert(1, pandoc.Span({ pandoc.Str(nummer) }, { class = 'header-section-number' }))
    end
    return h
  end
end

--- Rahmen, Abbildungen, Tabellen und Überschriften; in Kästen sind Überschriften nur Titel.
local function bloecke(platz, oberste)
  local filter, im_kasten
  filter = {
    traverse = 'topdown',
    RawBlock = function(r)
      if r.format == 'bw-zelle' then return {} end
      if r.format == 'html' and r.text:match '^%s*<table[%s>]' then return rollbereich(roh_tabelle(r.text)), false end
    end,
    Div = function(d)
      local sichtbar = g.sichtbar(d, 'html')
      if sichtbar == false then return {} end
      if sichtbar then
        d.classes = d.classes:filter(function(k) return k ~= 'content-visible' and k ~= 'content-hidden' end)
        d.attributes['when-format'], d.attributes['unless-format'] = nil, nil
      end
      local art = g.art(d.identifier)
      if art == 'fig' then
        local bild, text = g.abbildung_teile(d)
        return abbildung(platz, d.identifier, bild, text), false
      elseif art == 'tbl' then
        local t, html, text = g.tabelle_teile(d)
        return tabelle(platz, d.identifier, t, html, text), false
      end
      local callout = g.callout(d)
      if callout then
        local box = kasten(d, callout)
        box.content = box.content:walk(im_kasten)
        return box, false
      end
      return d
    end,
    Figure = function(f)
      local bild = nil
      f.content:walk { Image = function(b) bild = bild or b end }
      if g.art(f.identifier) == 'fig' and bild then
        return abbildung(platz, f.identifier, bild, pandoc.utils.blocks_to_inlines(f.caption.long)), false
      end
    end,
    Table = function(t)
      local text = pandoc.utils.blocks_to_inlines(t.caption.long)
      if g.art(t.identifier) == 'tbl' then
        local marke = t.identifier
        t.identifier = ''
        return tabelle(platz, marke, t, nil, text), false
      end
      return rollbereich(zeichne_aus(t)), false
    end,
  }
  im_kasten = {}
  for name, tu in pairs(filter) do im_kasten[name] = tu end
  filter.Header = ueberschrift(platz, oberste)
  return filter
end

--- Ein Stück, fertig zum Schreiben; `platz(art, marke)` steht für Nummern, die erst das Ganze kennt, `fund`
--- sagt, was es im Text gibt.
function M.bereite(doc, platz, oberste, fund)
  doc = g.geh_durch(doc, bloecke(platz, oberste), fund)
  if not (fund.ziele or fund.verweise or fund.anfuehrung or fund.bildrahmen < 0) then return doc end
  return doc:walk {
    Link = fund.ziele and function(l) l.target = g.ziel(l.target) return l end or nil,
    Cite = fund.verweise and verweise(platz) or nil,
    Quoted = fund.anfuehrung and g.quoted or nil,
    Image = fund.bildrahmen < 0 and function(b) return pandoc.RawInline('html', bild_html(b)) end or nil,
  }
end

local ART = { format = 'html5', extensions = { 'smart' } }

--- Hinter dem letzten Rahmen stehen die Fußnoten.
local function trenne_noten(text)
  local auf, naechstes = nil, text:find('\n</div>\n<section id="footnotes"', 1, true)
  while naechstes do
    auf, naechstes = naechstes, text:find('\n</div>\n<section id="footnotes"', naechstes + 1, true)
  end
  if not auf then return (text:gsub('\n</div>$', '')), '' end
  return text:sub(1, auf - 1), text:sub(auf + #'\n</div>\n')
end

--- Viele Stücke in einem Zug: jedes in seinem Rahmen hinter seiner Marke, so bleiben Abschnitte getrennt.
function M.schreibe(stuecke, marke)
  local rahmen = pandoc.Blocks {}
  for i, blocks in ipairs(stuecke) do
    local innen = pandoc.Blocks { roh(marke(i)) }
    innen:extend(blocks)
    rahmen:insert(pandoc.Div(innen))
  end
  local text = pandoc.write(pandoc.Pandoc(rahmen), ART, { wrap_text = 'wrap-preserve', section_divs = true })
  local fertig, ab = {}, 1
  for i = 1, #stuecke do
    local _, auf = text:find('<div>\n' .. marke(i), ab, true)
    local zu = i < #stuecke and text:find('\n</div>\n<div>\n' .. marke(i + 1), auf, true) or nil
    fertig[i], ab = text:sub(auf + 1, zu and zu - 1), zu or ab
  end
  local noten = ''
  fertig[#fertig], noten = trenne_noten(fertig[#fertig])
  for i, stueck in ipairs(fertig) do fertig[i] = stueck:gsub('^\n', '') end
  return fertig, noten
end

return M
