-- Was Quarto nach den eigenen Filtern mit Abbildungen, Tabellen, Verweisen und Kästen tut, auf das Nötige
-- gekürzt: so lässt sich prüfen, ob Übergabe, Filter und Typst-Bausteine zusammenpassen.
local WORT = { fig = 'Abbildung', tbl = 'Tabelle', sec = 'Kapitel' }

local function roh(text) return pandoc.RawBlock('typst', text) end
local function zitat(text) return '"' .. text:gsub('\\', '\\\\'):gsub('"', '\\"') .. '"' end

local function bild(img)
  return pandoc.RawInline('typst',
    '#box(image(' .. zitat(img.src) .. ', alt: ' .. zitat(img.attributes['fig-alt'] or '') .. '))')
end

local function rahmen(div)
  local art = div.identifier:match '^(%a+)%-'
  if not (art == 'fig' or art == 'tbl') then return end
  local inhalt = pandoc.Blocks(div.content)
  local unterschrift = inhalt:remove(#inhalt)
  local blocks = pandoc.Blocks { roh '#figure([' }
  blocks:extend(inhalt)
  blocks:insert(roh('], caption: figure.caption(position: ' .. (art == 'fig' and 'bottom' or 'top') .. ', ['))
  blocks:insert(pandoc.Plain(unterschrift.content))
  blocks:insert(roh(']), kind: "quarto-float-' .. art .. '", supplement: "' .. WORT[art] .. '", numbering: "1")\n<' .. div.identifier .. '>'))
  return blocks
end

local function kasten(div)
  if not div.classes:find_if(function(k) return k:match '^callout%-' end) then return end
  local inhalt = pandoc.Blocks(div.content)
  local titel = pandoc.Inlines 'Hinweis'
  if inhalt[1] and inhalt[1].t == 'Header' then titel = inhalt:remove(1).content end
  local blocks = pandoc.Blocks { roh '#block[\n#callout(\nbody:\n[' }
  blocks:extend(inhalt)
  blocks:insert(roh ']\n,\ntitle:\n[')
  blocks:insert(pandoc.Plain(titel))
  blocks:insert(roh ']\n,\nbackground_color: rgb("#dae6fb"),\nicon_color: rgb("#0758E5"),\nicon: fa-info(),\nbody_background_color: white\n)\n]')
  return blocks
end

local function sichtbar(div)
  local wann = div.attributes['when-format']
  if div.classes:includes 'content-visible' and wann and wann ~= 'typst' and wann ~= 'pdf' then return {} end
end

return {
  { Image = bild, RawBlock = function(r)
    if r.format == 'html' then return pandoc.read(r.text, 'html').blocks end
  end },
  { Div = function(div) return sichtbar(div) or rahmen(div) or kasten(div) end },
  { Cite = function(c)
    local id = c.citations[1].id
    local wort = WORT[id:match '^(%a+)%-']
    if wort then return pandoc.RawInline('typst', '#ref(<' .. id .. '>, supplement: [' .. wort .. '])') end
  end },
}
