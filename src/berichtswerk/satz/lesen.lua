-- Dauerläufer unter „pandoc lua“: je Zeile JSON ein Markdown-Text herein, eine Zeile JSON mit seinem Baum heraus.
-- Gesetzt wird in Python.
local LESER = 'markdown-implicit_figures'

io.stdout:setvbuf 'no'
for zeile in io.stdin:lines() do
  local gut, antwort = pcall(function()
    return pandoc.write(pandoc.read(pandoc.json.decode(zeile, false), LESER), 'json')
  end)
  if not gut then antwort = pandoc.json.encode { stoerung = tostring(antwort) } end
  io.stdout:write(antwort, "\n")
  io.stdout:flush()
end
