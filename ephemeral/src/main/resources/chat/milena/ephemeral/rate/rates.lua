-- The allowances of users over all gateways. Each call is one atomic step, by the clock of Redis.
--
-- milena:rate:<tenant>/<userId>   hash: <tokens>/<period> -> when that allowance is full again; expires when all are full
--
-- Spending moves that time forward; more than a period ahead is a debt. Gateways with other limits use other fields.
-- milena:rate-clock              hash: now and the time of Redis, at the last call
-- All times are in microseconds.
-- KEYS: one a user. ARGV: number of rates; for each: tokens, period; then for each user: messages, age of the first.
-- Answer: for each user and each rate: time until it is full.

-- Without this, a clock that is set back would turn earlier spending into a debt.
local CLOCK = 'milena:rate-clock'
local time = redis.call('TIME')
local micros = tonumber(time[1]) * 1000000 + tonumber(time[2])
local before = redis.call('HMGET', CLOCK, 'now', 'redis')
local now = micros
if before[1] then
  now = tonumber(before[1]) + math.max(0, micros - tonumber(before[2]))
end
redis.call('HSET', CLOCK, 'now', string.format('%.0f', now), 'redis', string.format('%.0f', micros))
local rates = tonumber(ARGV[1])
local fields, apart = {}, {}
for i = 1, rates do
  local tokens, period = ARGV[2 * i], ARGV[2 * i + 1]
  fields[i] = tokens .. '/' .. period
  apart[i] = tonumber(period) / tonumber(tokens)
end

local answer = {}
for user = 1, #KEYS do
  local at = 2 * (rates + user)
  local messages, since = tonumber(ARGV[at]), now - tonumber(ARGV[at + 1])
  local known = redis.call('HMGET', KEYS[user], unpack(fields))
  local updated, longest = {}, 0
  for i = 1, rates do
    -- A gateway grants at most a period's worth and what was refilled since: one message may cost more.
    local spent = math.min(messages, tonumber(ARGV[2 * i]) + tonumber(ARGV[at + 1]) / apart[i])
    local full = math.max(tonumber(known[i] or 0), since) + spent * apart[i]
    local left = math.max(0, math.ceil(full - now))
    answer[#answer + 1] = left
    updated[2 * i - 1], updated[2 * i] = fields[i], string.format('%.0f', full)
    longest = math.max(longest, left)
  end
  if longest > 0 then
    redis.call('HSET', KEYS[user], unpack(updated))
    redis.call('PEXPIRE', KEYS[user], math.ceil(longest / 1000))
  else
    redis.call('DEL', KEYS[user])
  end
end
return answer
