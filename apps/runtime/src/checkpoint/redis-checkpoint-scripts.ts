/**
 * The scripts behind the Redis checkpoint store. Each answers a list: `ok …`, or `fenced <current token>` when
 * the caller's token is not the current one, or `refused <committed number>`.
 */

/**
 * KEYS: checkpoint hash, order of deployments, owner of the deployment's status. ARGV: deployment id, the token that the
 * caller has seen, the owner that the caller belongs to or nothing. Raises the token, unless a newer deployment of the
 * pipeline has started or a newer owner has the deployment: an older one that comes back must not fence it. Who is not in
 * the order at all may. Answers `moved` when the token is another than the caller has seen: a call that was given up, and
 * arrives after its caller has taken over with the next one, changes nothing.
 */
export const takeOverScript = `
if (redis.call('HGET', KEYS[1], 'token') or '0') ~= ARGV[2] then return { 'moved' } end
if ARGV[3] ~= '' and redis.call('GET', KEYS[3]) ~= ARGV[3] then return { 'fenced', redis.call('HGET', KEYS[1], 'token') or '0' } end
local own = redis.call('HGET', KEYS[2], ARGV[1])
local last = redis.call('HGET', KEYS[2], 'last')
if own and last and tonumber(own) < tonumber(last) then return { 'fenced', redis.call('HGET', KEYS[1], 'token') or '0' } end
local token = redis.call('HINCRBY', KEYS[1], 'token', 1)
local manifest = redis.call('HGET', KEYS[1], 'manifest')
return { 'ok', token, manifest }
`;

/**
 * KEYS: checkpoint hash, chunk, chunks, bytes that were set just before. ARGV: token, sha256. Makes them the chunk: a script
 * that is given a megabyte copies it four times, a command that sets it once. The score says after which checkpoint the
 * chunk was stored last: garbage collection leaves what is newer than the last commit alone. Answers `gone` when the bytes
 * are not there, unless that is because this is done already.
 */
export const putChunkScript = `
local token = redis.call('HGET', KEYS[1], 'token')
if token ~= ARGV[1] then
  redis.call('UNLINK', KEYS[4])
  return { 'fenced', token or '0' }
end
if redis.call('EXISTS', KEYS[4]) == 1 then
  redis.call('RENAME', KEYS[4], KEYS[2])
  redis.call('PERSIST', KEYS[2])
elseif redis.call('EXISTS', KEYS[2]) == 0 then
  return { 'gone' }
end
redis.call('ZADD', KEYS[3], redis.call('HGET', KEYS[1], 'checkpoint') or '0', ARGV[2])
return { 'ok' }
`;

/** KEYS: checkpoint hash, manifests. ARGV: token, number, manifest, deployment id, how many manifests stay. */
export const commitScript = `
local current = redis.call('HMGET', KEYS[1], 'token', 'checkpoint', 'manifest')
if current[1] ~= ARGV[1] then return { 'fenced', current[1] or '0' } end
local committed = tonumber(current[2] or '0')
local n = tonumber(ARGV[2])
if n == committed and current[3] == ARGV[3] then return { 'ok' } end
if n <= committed then return { 'refused', tostring(committed) } end
redis.call('HSET', KEYS[1], 'checkpoint', ARGV[2], 'manifest', ARGV[3], 'deployment', ARGV[4])
redis.call('HSET', KEYS[2], ARGV[2], ARGV[3])
local numbers = redis.call('HKEYS', KEYS[2])
table.sort(numbers, function(a, b) return tonumber(a) > tonumber(b) end)
for i = tonumber(ARGV[5]) + 1, #numbers do redis.call('HDEL', KEYS[2], numbers[i]) end
return { 'ok' }
`;

/**
 * KEYS: checkpoint hash, chunks, then the keys of the chunks to remove. ARGV: token, highest score, then their
 * hashes. A chunk that was stored again in the meantime stays.
 */
export const removeChunksScript = `
local token = redis.call('HGET', KEYS[1], 'token')
if token ~= ARGV[1] then return { 'fenced', token or '0' } end
for i = 3, #KEYS do
  local score = redis.call('ZSCORE', KEYS[2], ARGV[i])
  if score and tonumber(score) < tonumber(ARGV[2]) then
    redis.call('UNLINK', KEYS[i])
    redis.call('ZREM', KEYS[2], ARGV[i])
  end
end
return { 'ok' }
`;

/**
 * KEYS: checkpoint hash, manifests, savepoints. ARGV: token, number, savepoint as JSON without its manifest. Copies the
 * manifest beside it, so that garbage collection sees its chunks. Answers `gone` when it is neither new nor kept.
 */
export const keepScript = `
local token = redis.call('HGET', KEYS[1], 'token')
if token ~= ARGV[1] then return { 'fenced', token or '0' } end
local manifest = redis.call('HGET', KEYS[2], ARGV[2])
if not manifest then
  if redis.call('HEXISTS', KEYS[3], ARGV[2]) == 1 then return { 'ok' } end
  return { 'gone' }
end
redis.call('HSET', KEYS[3], ARGV[2], ARGV[3], ARGV[2] .. ':manifest', manifest)
return { 'ok' }
`;
