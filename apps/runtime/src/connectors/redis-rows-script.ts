/**
 * Appends a checkpoint's rows to a capped stream and notes the delivery, all or nothing.
 * KEYS: marker (`checkpoint:token`), stream. ARGV: checkpoint, token, cap, name and value of a second field, then the rows.
 * Answers `ok`, `known` (delivered before) or `fenced:<token>`.
 */
export const redisRowsScript = `
local marker = redis.call('GET', KEYS[1])
local n, token = tonumber(ARGV[1]), tonumber(ARGV[2])
if marker then
  local colon = string.find(marker, ':', 1, true)
  local storedToken = tonumber(string.sub(marker, colon + 1))
  if token < storedToken then return 'fenced:' .. storedToken end
  if n <= tonumber(string.sub(marker, 1, colon - 1)) then return 'known' end
end
for i = 6, #ARGV do
  redis.call('XADD', KEYS[2], 'MAXLEN', '~', ARGV[3], '*', 'row', ARGV[i], ARGV[4], ARGV[5], 'checkpoint', ARGV[1])
end
redis.call('SET', KEYS[1], ARGV[1] .. ':' .. ARGV[2])
return 'ok'
`;
