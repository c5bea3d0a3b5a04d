import { fencedScript } from "./fenced-redis.ts";

/**
 * Sets and clears a checkpoint's flags and notes the delivery, all or nothing.
 * KEYS: marker (`checkpoint:token`), set (empty: a key for each flag). ARGV: checkpoint, token, then for each flag its name,
 * `1` or `0`, and when it expires (ms since the epoch; empty: never).
 */
export const redisFlagsScript = fencedScript(`
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
`);
