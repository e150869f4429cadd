-- Presence in Redis. Each call is one atomic step, by the clock of Redis without its leaps.
--
-- milena:presence:<user>          hash: <gateway>/<connection> -> <status>|<device type>|<device>; expires unless refreshed
-- milena:devices:<user>           hash: device -> <first seen>:<last seen>; outlives the visit
-- milena:seen:<user>              hash: told, toldAt (the published status, and when), gone, seen, device; outlives the visit
-- milena:presence:gateways        sorted set: gateway -> its last heartbeat
-- milena:presence:users:<gateway> set: the users who are connected to it
-- milena:presence:due             sorted set: user -> when to check the user again, present or about to be gone
-- milena:presence:clock           hash: now, and the time of Redis (both in microseconds) at the last call
--
-- A connection without a device is one while it lasts: ~<connection>.
-- <user> is <shard>:<tenant>/<userId>; neither ids nor shards hold the separators.
-- ARGV: the operation, grace, pause, life of a presence, life of the last-seen time, silence of a dead gateway (all in
-- ms); then the arguments of the operation.

local GRACE, PAUSE, LIFE, MEMORY, DEAD =
    tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])
local GATEWAYS, DUE = 'milena:presence:gateways', 'milena:presence:due'
-- From this many users of a dead gateway on, their ends are spread.
local MANY, SPREAD = 100, 2000
-- Devices of a user; beyond it, the one that was not seen for longest is forgotten, unless it is connected.
local DEVICES_MAX = 100

-- Every gateway calls several times a second. A longer gap is a clock that was set, or a pause of all gateways, in which
-- no heartbeat was possible: neither takes users offline. Times that users see are the time of Redis.
local CLOCK, GAP = 'milena:presence:clock', 1000000
local time = redis.call('TIME')
local micros = tonumber(time[1]) * 1000000 + tonumber(time[2])
local before = redis.call('HMGET', CLOCK, 'now', 'redis')
local micro = micros
if before[1] then
  micro = tonumber(before[1]) + math.min(GAP, math.max(0, micros - tonumber(before[2])))
end
redis.call('HSET', CLOCK, 'now', string.format('%.0f', micro), 'redis', string.format('%.0f', micros))
local now = math.floor(micro / 1000)
local ahead = math.floor(micros / 1000) - now
-- The time of the reported state in microseconds, so that read and published states can be ordered.
local at = string.format('%.0f', micro)

local function millis(number)
  return string.format('%.0f', number)
end

local function presence(user) return 'milena:presence:' .. user end
local function devices(user) return 'milena:devices:' .. user end
local function memory(user) return 'milena:seen:' .. user end
local function users(gateway) return 'milena:presence:users:' .. gateway end
local function look(user, at) redis.call('ZADD', DUE, millis(at), user) end

local function status(user)
  local entries = redis.call('HGETALL', presence(user))
  local best, device, from = 'offline', '', ''
  for i = 1, #entries, 2 do
    local s, d = string.match(entries[i + 1], '^(%a+)|([^|]*)')
    local better = best == 'offline' or (best == 'away' and s == 'online')
    -- Among equals always the same one, so that the answer does not change back and forth.
    if better or (s == best and entries[i] < from) then
      best, device, from = s, d, entries[i]
    end
  end
  return best, device
end

-- Publishes a changed status of a user, after grace and pause.
local function evaluate(user)
  local is, device = status(user)
  local known = redis.call('HMGET', memory(user), 'told', 'toldAt', 'gone', 'seen', 'device')
  local told, toldAt, gone = known[1] or 'offline', tonumber(known[2] or 0), tonumber(known[3] or 0)
  if is == 'offline' and told ~= 'offline' and gone <= now and now < gone + GRACE then
    look(user, gone + GRACE)
    return
  end
  local new = is ~= told or (is ~= 'offline' and device ~= (known[5] or ''))
  if new and toldAt <= now and now < toldAt + PAUSE then
    look(user, toldAt + PAUSE)
    return
  end
  if new then
    redis.call('HSET', memory(user), 'told', is, 'toldAt', millis(now), 'device', device)
    redis.call('PEXPIRE', memory(user), MEMORY)
    local shard = string.match(user, '^(%d+):')
    redis.call('PUBLISH', 'milena:presence:shard:' .. shard,
        user .. ' ' .. is .. ' ' .. (known[4] or '0') .. ' ' .. at .. ' ' .. device)
  end
  if is == 'offline' then
    redis.call('ZREM', DUE, user)
  else
    look(user, now + LIFE)
  end
end

local function deviceOf(value) return string.match(value, '^%a+|[^|]*|(.+)$') end

-- The best status of each connected device.
local function connected(user)
  local entries, found = redis.call('HVALS', presence(user)), {}
  for _, value in ipairs(entries) do
    local device, s = deviceOf(value), string.match(value, '^%a+')
    if device and (not found[device] or s == 'online') then
      found[device] = s
    end
  end
  return found
end

-- Forgets a device that was not seen for longest, or the new one if all are connected.
local function makeRoom(user, new)
  local entries, here = redis.call('HGETALL', devices(user)), connected(user)
  local last, least = new, nil
  for i = 1, #entries, 2 do
    local seen = tonumber(string.match(entries[i + 1], ':(%d+)$'))
    if not here[entries[i]] and (not least or seen < least) then
      last, least = entries[i], seen
    end
  end
  redis.call('HDEL', devices(user), last)
end

-- A device is connected, or was until this moment.
local function seen(user, device, at)
  local before = redis.call('HGET', devices(user), device)
  local first, last = string.match(before or '', '^(%d+):(%d+)$')
  if last and tonumber(last) > at then
    at = tonumber(last)
  end
  redis.call('HSET', devices(user), device, (first or millis(at)) .. ':' .. millis(at))
  redis.call('PEXPIRE', devices(user), MEMORY)
  if not before and redis.call('HLEN', devices(user)) > DEVICES_MAX then
    makeRoom(user, device)
  end
end

-- Removes the connections of a user to a gateway, except those in `kept`, which ended at a moment.
local function without(user, gateway, kept, at)
  local prefix, gone = gateway .. '/', 0
  for _, field in ipairs(redis.call('HKEYS', presence(user))) do
    if string.sub(field, 1, #prefix) == prefix and not kept[field] then
      local device = deviceOf(redis.call('HGET', presence(user), field))
      redis.call('HDEL', presence(user), field)
      if device and string.sub(device, 1, 1) == '~' then
        redis.call('HDEL', devices(user), device)
      elseif device then
        seen(user, device, at + ahead)
      end
      gone = gone + 1
    end
  end
  return gone
end

-- The latest of several ends counts, in whatever order they arrive.
local function later(user, field, at)
  if at > tonumber(redis.call('HGET', memory(user), field) or 0) then
    redis.call('HSET', memory(user), field, millis(at))
  end
end

local function left(user, at)
  later(user, 'seen', at + ahead)
  if redis.call('EXISTS', presence(user)) == 0 then
    later(user, 'gone', at)
  end
  redis.call('PEXPIRE', memory(user), MEMORY)
end

local function place(gateway, user, kept, any)
  local gone = without(user, gateway, kept, now)
  if any then
    for field, value in pairs(kept) do
      redis.call('HSET', presence(user), field, value)
    end
    for _, value in pairs(kept) do
      local device = deviceOf(value)
      if device then
        seen(user, device, now + ahead)
      end
    end
    redis.call('PEXPIRE', presence(user), LIFE)
    redis.call('SADD', users(gateway), user)
    redis.call('HSET', memory(user), 'seen', millis(now + ahead))
    redis.call('PEXPIRE', memory(user), MEMORY)
  else
    redis.call('SREM', users(gateway), user)
    if gone > 0 then
      left(user, now)
    end
  end
  evaluate(user)
end

-- gateway, then for each user: user, count, count times connection and value
-- 0: others have taken its users, and nobody would ever remove entries written now
local function placeAll()
  local gateway, from = ARGV[7], 8
  if not redis.call('ZSCORE', GATEWAYS, gateway) then
    return 0
  end
  while ARGV[from] do
    local user, count, kept = ARGV[from], tonumber(ARGV[from + 1]), {}
    for i = 0, count - 1 do
      kept[gateway .. '/' .. ARGV[from + 2 + 2 * i]] = ARGV[from + 3 + 2 * i]
    end
    place(gateway, user, kept, count > 0)
    from = from + 2 + 2 * count
  end
  return 1
end

-- Takes users from dead gateways, and checks the users who are due; at most `most` of each.
local function settle()
  local most = tonumber(ARGV[7])
  local dead = redis.call('ZRANGEBYSCORE', GATEWAYS, '-inf', millis(now - DEAD), 'WITHSCORES', 'LIMIT', 0, 4)
  local room = most
  for i = 1, #dead, 2 do
    local gateway, last = dead[i], tonumber(dead[i + 1])
    local many = redis.call('SCARD', users(gateway)) >= MANY
    local taken = room > 0 and redis.call('SPOP', users(gateway), room) or {}
    room = room - #taken
    for _, user in ipairs(taken) do
      if without(user, gateway, {}, last) > 0 then
        left(user, last)
      end
      local spread = many and tonumber(string.sub(redis.sha1hex(user), 1, 4), 16) % SPREAD or 0
      look(user, last + GRACE + spread)
    end
    if redis.call('SCARD', users(gateway)) == 0 then
      redis.call('ZREM', GATEWAYS, gateway)
    end
  end
  local due = redis.call('ZRANGEBYSCORE', DUE, '-inf', millis(now), 'LIMIT', 0, most)
  for _, user in ipairs(due) do
    evaluate(user)
  end
  return (most - room) + #due
end

local function join()
  redis.call('ZADD', GATEWAYS, millis(now), ARGV[7])
  return 1
end

-- 0: the gateway was silent for so long that others may have taken its users
local function beat()
  local last = redis.call('ZSCORE', GATEWAYS, ARGV[7])
  if not last or now - tonumber(last) >= DEAD then
    return 0
  end
  redis.call('ZADD', GATEWAYS, millis(now), ARGV[7])
  redis.call('PEXPIRE', users(ARGV[7]), LIFE * 10)
  return 1
end

-- users; the time of the state, then for each: status, last seen, device type
local function read()
  local answer = { at }
  for i = 7, #ARGV do
    local known = redis.call('HMGET', memory(ARGV[i]), 'told', 'seen', 'device')
    answer[#answer + 1] = known[1] or 'offline'
    answer[#answer + 1] = known[2] or '0'
    answer[#answer + 1] = known[3] or ''
  end
  return answer
end

-- user; for each device: device, status, first seen, last seen. A connected one is seen now.
local function readDevices()
  local user, answer = ARGV[7], {}
  local entries, here = redis.call('HGETALL', devices(user)), connected(user)
  for i = 1, #entries, 2 do
    local device = entries[i]
    local first, last = string.match(entries[i + 1], '^(%d+):(%d+)$')
    local old = tonumber(last) < now + ahead - MEMORY
    if not here[device] and (old or string.sub(device, 1, 1) == '~') then
      redis.call('HDEL', devices(user), device)
    else
      answer[#answer + 1] = device
      answer[#answer + 1] = here[device] or 'offline'
      answer[#answer + 1] = first
      answer[#answer + 1] = here[device] and millis(now + ahead) or last
    end
  end
  return answer
end

local operations = {
  place = placeAll, settle = settle, join = join, beat = beat, read = read, devices = readDevices
}
return operations[ARGV[1]]()
