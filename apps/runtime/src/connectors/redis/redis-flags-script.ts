/**
 * Sets and clears a checkpoint's flags and notes the delivery, all or nothing.
 * KEYS: marker (`checkpoint:token`), set (empty: a key for each flag). ARGV: checkpoint, token, then for each flag its name,
 * `1` or `0`, and when it expires (ms since the epoch; empty: never).
 * Answers `ok`, `known` (delivered before) or `fenced:<token>`.
 */
export const redisFlagsScript = `
local marker = redis.call('GET', KEYS[1])
local n, token = tonumber(ARGV[1]), tonumber(ARGV[2])
if marker then
  local colon = string.find(marker, ':', 1, true)
  local storedToken = tonumber(string.sub(marker, colon + 1))
  if token < storedToken then return 'fenced:' .. storedToken end
  if n <= tonumber(string.sub(marker, 1, colon - 1)) then return 'known' end
end
for i = 3, #ARGV, 3 do
  local name, on, expiry = ARGV[i], ARGV[i + 1] == '1', ARGV[i + 2]
  if KEYS[2] ~= '' then
    redis.call(on and 'SADD' or 'SREM', KEYS[2], name)
  elseif not on then
    redis.call('DEL', name)
  elseif expiry == '' then
    redis.call('SET', name, '1')
  else
    redis.call('SET', name, '1', 'PXAT', expiry)
  end
end
redis.call('SET', KEYS[1], ARGV[1] .. ':' .. ARGV[2])
return 'ok'
`;
