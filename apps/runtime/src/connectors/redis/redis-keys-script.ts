import { fencedScript } from "./fenced-redis.ts";

/**
 * Replaces the rows of a checkpoint's keys and notes the delivery, all or nothing.
 * KEYS: marker (`checkpoint:token`). ARGV: checkpoint, token, how long a key lives (ms; empty: for ever), then for each key
 * its name and how many texts follow: none removes it, one is its text, more are fields and values of its hash.
 */
export const redisKeysScript = fencedScript(`
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
`);
