/**
 * Replaces the rows of a checkpoint's keys and notes the delivery, all or nothing.
 * KEYS: marker (`checkpoint:token`). ARGV: checkpoint, token, how long a key lives (ms; empty: for ever), then for each key
 * its name and how many texts follow: none removes it, one is its text, more are fields and values of its hash.
 * Answers `ok`, `known` (delivered before) or `fenced:<token>`.
 */
export const redisKeysScript = `
local marker = redis.call('GET', KEYS[1])
local n, token = tonumber(ARGV[1]), tonumber(ARGV[2])
if marker then
  local colon = string.find(marker, ':', 1, true)
  local storedToken = tonumber(string.sub(marker, colon + 1))
  if token < storedToken then return 'fenced:' .. storedToken end
  if n <= tonumber(string.sub(marker, 1, colon - 1)) then return 'known' end
end
local i = 4
while i <= #ARGV do
  local name, texts = ARGV[i], tonumber(ARGV[i + 1])
  redis.call('DEL', name)
  if texts == 1 then
    redis.call('SET', name, ARGV[i + 2])
  else
    for k = i + 2, i + texts, 2 do redis.call('HSET', name, ARGV[k], ARGV[k + 1]) end
  end
  if texts > 0 and ARGV[3] ~= '' then redis.call('PEXPIRE', name, ARGV[3]) end
  i = i + 2 + texts
end
redis.call('SET', KEYS[1], ARGV[1] .. ':' .. ARGV[2])
return 'ok'
`;
