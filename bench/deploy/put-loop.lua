-- For wrk: PUTs each file of a list once, and leaves when the last is stored.  wrk -t1 … -s put-loop.lua URL -- LIST
-- A line of LIST: the presigned path and query, a tab, the file.

local puts = {}
local started = -1
local stored = 0

function init(args)
  for line in io.lines(args[1]) do
    local path, file = line:match("^(.-)\t(.*)$")
    puts[#puts + 1] = { path = path, file = file }
  end
end

function request()
  -- wrk calls this once to look at the answer, before it sends anything.
  if started == -1 then
    started = 0
    return wrk.format("GET", "/")
  end
  started = started + 1
  local put = puts[started]
  -- All are on their way and this connection has nothing left to do: a question with 404 for an answer.
  if put == nil then return wrk.format("GET", "/no-such-bucket/") end
  local file = io.open(put.file, "rb")
  local body = file:read("*a")
  file:close()
  return wrk.format("PUT", put.path, nil, body)
end

function response(status)
  if status == 200 then
    stored = stored + 1
    if stored == #puts then os.exit(0) end
  elseif status ~= 404 then
    io.stderr:write("status ", status, "\n")
    os.exit(1)
  end
end
