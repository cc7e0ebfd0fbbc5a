-- Was die Teilmenge nicht kennt, wird hier gefunden; die Worte dazu schreibt Python.
local g = require 'gemeinsam'
local M = {}

local DIVS = { ['content-visible'] = true, ['content-hidden'] = true, unnumbered = true, lead = true }
local BILDENDUNGEN = { svg = true }

local function bekannte_klasse(k)
  if DIVS[k] or k:match '^bw%-' then return true end
  local art = k:match '^callout%-(%a+)$'
  return art ~= nil and g.CALLOUTS[art] ~= nil
end

--- Tabellen aus der Übergabe sind HTML; alles andere rohe HTML bliebe im PDF unsichtbar.
local function nur_tabelle(html)
  local innen = html:match '^%s*<table[%s>](.*)</table>%s*$'
  return innen ~= nil and not innen:match '</?table' and not html:match '<script' and not html:match ' on%a+='
    and not html:match ' style='
end

local function pruefe_bild(b, melde)
  local alt = b.attributes['fig-alt'] or b.attributes.alt or pandoc.utils.stringify(b.caption)
  if alt:match '^%s*$' then melde('satz-alt-fehlt', b.src) end
  local endung = (b.src:match '%.(%w+)$' or ''):lower()
  if b.src:match '^bw%-beilage:' then return end
  if b.src:match '^%a+:' then melde('satz-bild-fremd', b.src)
  elseif not BILDENDUNGEN[endung] then melde('satz-bild-format', b.src) end
end

--- Überschriften, die weder oben im Stück noch als Titel eines Kastens stehen.
local function verschachtelte(doc, fund)
  local oben = 0
  for _, block in ipairs(doc.blocks) do if block.t == 'Header' then oben = oben + 1 end end
  return #fund.kennungen > oben + fund.kastentitel
end

--- Was in einem Stück zu finden ist, in einem Gang: Befunde, Bilddateien, die es geben muss, und in
--- `ereignisse`, was zählt oder verweist (h Überschrift, g Abbildung oder Tabelle, v Verweis). Dazu, was es
--- gibt: `anfuehrung`, `ziele` (umzuschreibende), `verweise`; `bildrahmen` < 0 heißt Bilder ohne Rahmen.
function M.pruefe(doc, text)
  local fund = { befunde = {}, bilder = {}, ereignisse = {}, kennungen = {}, kastentitel = 0, bildrahmen = 0 }
  local zelle = 0
  local function melde(kennung, was) table.insert(fund.befunde, { kennung = kennung, zelle = zelle, was = was }) end
  local function ereignis(art, marke, mehr)
    local e = mehr or {}
    e.art, e.marke, e.zelle = art, marke, zelle
    table.insert(fund.ereignisse, e)
  end
  local function gegenstand(marke)
    local art = g.art(marke)
    if art == 'fig' or art == 'tbl' then ereignis('g', marke) end
  end
  local filter
  filter = {
    traverse = 'topdown',
    RawBlock = function(r)
      if r.format == 'bw-zelle' then zelle = tonumber(r.text) or 0
      elseif r.format ~= 'html' then melde('satz-roh-fremd', r.format)
      elseif not nur_tabelle(r.text) then
        if r.text:match '^%s*<!%-%-' then return end
        melde('satz-roh-html', r.text:gsub('%s+', ' '):sub(1, 40))
      end
    end,
    RawInline = function(r)
      if r.format == 'html' then
        if not r.text:match '^<!%-%-' and not r.text:match '^</' then melde('satz-roh-html', r.text:sub(1, 40)) end
      else melde('satz-roh-fremd', r.format) end
    end,
    Math = function(m) melde('satz-formel', m.text:sub(1, 40)) end,
    Code = function(c)
      if c.text:match '^{%a+}%s' then melde('satz-code-im-text', c.text:sub(1, 40)) end
    end,
    CodeBlock = function(c)
      fund.allein = true
      for _, k in ipairs(c.classes) do if k:match '^{' then melde('satz-code-im-text', k) end end
    end,
    Note = function() fund.allein = true end,
    Quoted = function() fund.anfuehrung = true end,
    Link = function(l) if g.ziel(l.target) ~= l.target then fund.ziele = true end end,
    Header = function(h)
      table.insert(fund.kennungen, h.identifier)
      ereignis('h', h.identifier, {
        ebene = h.level, titel = pandoc.utils.stringify(h.content), gezaehlt = not h.classes:includes 'unnumbered',
      })
    end,
    Cite = function(c) fund.verweise = true for _, z in ipairs(c.citations) do ereignis('v', z.id) end end,
    Div = function(d)
      for _, k in ipairs(d.classes) do
        if not bekannte_klasse(k) then melde('satz-rahmen-unbekannt', k) end
      end
      for name in pairs(d.attributes) do
        if name:match '^layout' then melde('satz-rahmen-unbekannt', name) end
      end
      gegenstand(d.identifier)
      local art = g.art(d.identifier)
      if art == 'fig' then
        local bild, unterschrift = g.abbildung_teile(d)
        if bild then fund.bildrahmen = fund.bildrahmen + 1 end
        if not bild then melde('satz-abbildung-leer', d.identifier)
        elseif #unterschrift == 0 then melde('satz-unterschrift-fehlt', d.identifier) end
      elseif art == 'tbl' then
        local tabelle, roh, unterschrift = g.tabelle_teile(d)
        if not tabelle and not roh then melde('satz-tabelle-leer', d.identifier)
        elseif #unterschrift == 0 then melde('satz-unterschrift-fehlt', d.identifier) end
      end
      if g.callout(d) then
        -- Überschriften in Kästen sind Titel und zählen nicht.
        local erster = d.content[1]
        if erster and erster.t == 'Header' and not d.attributes.title then fund.kastentitel = fund.kastentitel + 1 end
        local zaehlend = filter.Header
        filter.Header = function(h) table.insert(fund.kennungen, h.identifier) end
        d.content:walk(filter)
        filter.Header = zaehlend
        return d, false
      end
    end,
    Figure = function(f) gegenstand(f.identifier) end,
    Table = function(t) gegenstand(t.identifier) end,
    Image = function(b)
      fund.bildrahmen = fund.bildrahmen - 1
      pruefe_bild(b, melde)
      if b.src:match '%.svg$' and not b.src:match '^[%a-]+:' then
        table.insert(fund.bilder, { zelle = zelle, was = b.src })
      end
    end,
  }
  -- Jedes Wort nach Lua zu reichen ist das Teuerste an der Prüfung; meist steht nirgends eine Klammer.
  if text:find('{{', 1, true) or text:find('\\{', 1, true) or text:find('&', 1, true) then
    filter.Str = function(s)
      if s.text:match '{{<' then melde('satz-kurzbefehl', s.text:sub(1, 40)) end
      if s.text:match '^{{' and not s.text:match '{{<' then melde('satz-bindung-offen', s.text:sub(1, 40)) end
    end
  end
  doc:walk(filter)
  fund.verschachtelt = verschachtelte(doc, fund)
  return fund
end

return M
