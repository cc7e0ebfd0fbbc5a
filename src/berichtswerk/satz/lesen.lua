-- Dauerläufer unter „pandoc lua“: eine Zeile JSON herein (Liste von Markdown-Texten), eine Zeile JSON heraus
-- (je Text sein Baum als JSON). Jeder Text wird für sich gelesen; gesetzt wird in Python.
local LESER = 'markdown-implicit_figures'

io.stdout:setvbuf 'no'
for zeile in io.stdin:lines() do
  local gut, antwort = pcall(function()
    local baeume = {}
    for i, text in ipairs(pandoc.json.decode(zeile, false)) do
      baeume[i] = pandoc.write(pandoc.read(text, LESER), 'json')
    end
    return { baeume = baeume }
  end)
  if not gut then antwort = { stoerung = tostring(antwort) } end
  io.stdout:write(pandoc.json.encode(antwort), '\n')
  io.stdout:flush()
end
