-- Kleinteile, die mehrere Stufen brauchen.
local M = {}

M.NAMEN = { fig = 'Abbildung', tbl = 'Tabelle', sec = 'Kapitel' }
M.CALLOUTS = { note = 'Hinweis', tip = 'Tipp', important = 'Wichtig', caution = 'Vorsicht', warning = 'Warnung' }
M.NBSP = '\u{a0}'

function M.art(marke) return marke and marke:match '^(%a+)%-' end

--- Klasse „callout-note“ → „note“, sonst nil.
function M.callout(div)
  for _, k in ipairs(div.classes) do
    local art = k:match '^callout%-(%a+)$'
    if art and M.CALLOUTS[art] then return art end
  end
end

--- Titel des Kastens (Attribut title oder erste Überschrift) und sein übriger Inhalt.
function M.callout_teile(div, art)
  local inhalt = div.content:clone()
  if div.attributes.title then
    return pandoc.utils.blocks_to_inlines(pandoc.read(div.attributes.title, 'markdown').blocks), inhalt
  end
  if inhalt[1] and inhalt[1].t == 'Header' then
    local titel = inhalt[1].content
    inhalt:remove(1)
    return titel, inhalt
  end
  return pandoc.Inlines(M.CALLOUTS[art] or art), inhalt
end

--- Bild, Unterschrift und übriger Inhalt einer Abbildung `::: {#fig-x}`.
function M.abbildung_teile(div)
  local bild, unterschrift = nil, pandoc.Inlines {}
  for i, block in ipairs(div.content) do
    local gefunden = nil
    block:walk { Image = function(b) gefunden = gefunden or b end }
    if gefunden and not bild then
      bild = gefunden
    elseif i == #div.content and (block.t == 'Para' or block.t == 'Plain') then
      unterschrift = block.content
    end
  end
  return bild, unterschrift
end

--- Tabelle (Pandoc-Tabelle oder HTML-Text) und Überschrift einer Tabelle `::: {#tbl-x}`.
function M.tabelle_teile(div)
  local tabelle, roh, unterschrift = nil, nil, pandoc.Inlines {}
  for i, block in ipairs(div.content) do
    if block.t == 'RawBlock' and block.format == 'html' and block.text:match '^%s*<table[%s>]' then
      roh = block.text
    elseif block.t == 'Table' then
      tabelle = block
      if #block.caption.long > 0 then unterschrift = pandoc.utils.blocks_to_inlines(block.caption.long) end
    elseif i == #div.content and (block.t == 'Para' or block.t == 'Plain') then
      unterschrift = block.content
    end
  end
  return tabelle, roh, unterschrift
end

--- Die erste Tabelle in einem Stück HTML.
function M.lies_tabelle(html)
  local tabelle = nil
  pandoc.read(html, 'html'):walk { Table = function(t) tabelle = tabelle or t end }
  return tabelle
end

--- `.content-visible when-format="html"` und Verwandte: nil = bleibt wie es ist, sonst ob sichtbar.
function M.sichtbar(div, format)
  local zeigen, verbergen = div.classes:includes 'content-visible', div.classes:includes 'content-hidden'
  if not zeigen and not verbergen then return nil end
  local passt = function(wert)
    return wert == format or (wert == 'pdf' and format == 'typst')
  end
  local gilt = true
  if div.attributes['when-format'] then gilt = passt(div.attributes['when-format']) end
  if div.attributes['unless-format'] then gilt = not passt(div.attributes['unless-format']) end
  if zeigen then return gilt end
  return not gilt
end

--- Verweise auf Quelldateien zeigen auf die gesetzten Seiten.
function M.ziel(adresse)
  if adresse:match '^%a[%w+.-]*:' then return adresse end
  return (adresse:gsub('%.ipynb$', '.html'):gsub('%.qmd$', '.html')
    :gsub('%.ipynb#', '.html#'):gsub('%.qmd#', '.html#'))
end

--- Deutsche Anführungszeichen statt der Vorgabe des Schreibers.
function M.quoted(q)
  local auf, zu = '„', '“'
  if q.quotetype == 'SingleQuote' then auf, zu = '‚', '‘' end
  return pandoc.Inlines { pandoc.Str(auf) } .. q.content .. pandoc.Inlines { pandoc.Str(zu) }
end

return M
