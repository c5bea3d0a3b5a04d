/**
 * Appends a checkpoint's rows to a capped stream and notes the delivery, all or nothing.
 * Checkpoint 0 stands for none: such rows are appended whatever was delivered, and leave the number as it is.
 * KEYS: marker (`checkpoint:token`), stream. ARGV: checkpoint, token, cap, name and value of a second field, then the rows.
 * Answers `ok`, `known` (delivered before) or `fenced:<token>`.
 */
export const redisRowsScript = `
local marker = redis.call('GET', KEYS[1])
local n, token = tonumber(ARGV[1]), tonumber(ARGV[2])
local last = 0
if marker then
  local colon = string.find(marker, ':', 1, true)
  local storedToken = tonumber(string.sub(marker, colon + 1))
  if token < storedToken then return 'fenced:' .. storedToken end
  last = tonumber(string.sub(marker, 1, colon - 1))
  if n > 0 and n <= last then return 'known' end
end
for i = 6, #ARGV do
  redis.call('XADD', KEYS[2], 'MAXLEN', '~', ARGV[3], '*', 'row', ARGV[i], ARGV[4], ARGV[5], 'checkpoint', ARGV[1])
end
redis.call('SET', KEYS[1], string.format('%d', math.max(n, last)) .. ':' .. ARGV[2])
return 'ok'
`;
