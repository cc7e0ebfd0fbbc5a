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

local function je_liste(listen, geh)
  for i, blocks in ipairs(listen) do listen[i] = geh(blocks) end
  return listen
end

--- Wie `blocks:walk(filter)` von oben nach unten, aber nur durch Blöcke: den Text lässt es in Ruhe, und der
--- ist das meiste. Blöcke in Fußnoten erreicht es nicht.
function M.geh(blocks, filter)
  local neu = pandoc.Blocks {}
  local function hinein(teil) return M.geh(teil, filter) end
  local function nimm(block, tiefer)
    local art = tiefer and block.t
    if art == 'Div' or art == 'BlockQuote' or art == 'Figure' then block.content = hinein(block.content)
    elseif art == 'BulletList' or art == 'OrderedList' then block.content = je_liste(block.content, hinein)
    elseif art == 'DefinitionList' then
      local liste = block.content
      for _, eintrag in ipairs(liste) do eintrag[2] = je_liste(eintrag[2], hinein) end
      block.content = liste
    end
    neu:insert(block)
  end
  for _, block in ipairs(blocks) do
    local tu, ergebnis, tiefer = filter[block.t], nil, nil
    if tu then ergebnis, tiefer = tu(block) end
    tiefer = tiefer ~= false
    if ergebnis == nil then nimm(block, tiefer)
    elseif pandoc.utils.type(ergebnis) == 'Block' then nimm(ergebnis, tiefer)
    else for _, teil in ipairs(ergebnis) do nimm(teil, tiefer) end end
  end
  return neu
end

--- Dasselbe für ein Stück; wo Fußnoten sein können, mit pandoc.
function M.geh_durch(doc, filter, fund)
  if fund.allein then return doc:walk(filter) end
  return pandoc.Pandoc(M.geh(doc.blocks, filter), doc.meta)
end

return M
