-- Dauerläufer unter „pandoc lua“: je Zeile JSON ein Markdown-Text herein, eine Zeile JSON mit seinem Baum heraus.
-- Gesetzt wird in Python.
-- ein Vorspann in YAML ist hier Text wie jeder andere: sonst verschwände er, oder ein Doppelpunkt hielte alles an
local LESER = 'markdown-implicit_figures-yaml_metadata_block-pandoc_title_block'

-- „pandoc lua“ legt eine Verlaufsdatei an, die hier niemand braucht; nach kill -9 bliebe sie liegen
local stand = io.open '/proc/self/stat'
if stand then
  os.remove(('%s/pandoc-hist%d-0'):format(os.getenv 'TMPDIR' or '/tmp', stand:read 'n'))
  stand:close()
end

io.stdout:setvbuf 'no'
for zeile in io.stdin:lines() do
  local gut, antwort = pcall(function()
    local warnungen, dokument = pandoc.log.silence(pandoc.read, pandoc.json.decode(zeile, false), LESER)
    local texte = {}
    for i, w in ipairs(warnungen) do texte[i] = pandoc.json.encode(w) end
    local baum = pandoc.write(dokument, 'json')
    return ('{"baum":%s,"warnungen":[%s]}'):format(baum, table.concat(texte, ','))
  end)
  if not gut then antwort = pandoc.json.encode { stoerung = tostring(antwort) } end
  io.stdout:write(antwort, "\n")
  io.stdout:flush()
end
