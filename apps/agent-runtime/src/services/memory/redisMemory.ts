import { AppError } from "@signalbox/model";
import { Redis } from "ioredis";
import type { Logger } from "pino";
import { z } from "zod";
import type { Clock } from "../../clock.ts";
import type { MemoryLimits, ShortTermMemory } from "./shortTermMemory.ts";

const ANSWER_MS_MAX = 2_000;

/**
 * How many expired turns each new turn removes at most, so that no script takes long. More than one, so that an active session does not
 * keep expired turns for ever.
 */
const EXPIRED_MAX = 100;

/**
 * Adds a turn. A session has two keys: its turn ids in order, and its turns by id. Each new turn removes expired ones from the old end, and
 * Redis drops both keys some time after the last turn. A turn's expiry comes last in its JSON, where no content can be mistaken for it.
 * Returns 1 for a new turn, else 0.
 */
const REMEMBER = `
if redis.call('HEXISTS', KEYS[2], ARGV[1]) == 1 then return 0 end
local last = redis.call('ZREVRANGE', KEYS[1], 0, 0, 'WITHSCORES')
redis.call('ZADD', KEYS[1], (tonumber(last[2]) or 0) + 1, ARGV[1])
redis.call('HSET', KEYS[2], ARGV[1], ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
redis.call('PEXPIRE', KEYS[2], ARGV[3])
local oldest = redis.call('ZRANGE', KEYS[1], 0, ${EXPIRED_MAX} - 1)
local turns = redis.call('HMGET', KEYS[2], unpack(oldest))
local expired = {}
for at, turn in ipairs(turns) do
  if turn and tonumber(string.match(turn, '"expiresAtMs":([%d.]+)}$')) > tonumber(ARGV[4]) then break end
  expired[at] = oldest[at]
end
if #expired > 0 then
  redis.call('ZREM', KEYS[1], unpack(expired))
  redis.call('HDEL', KEYS[2], unpack(expired))
end
return 1`;

/** The latest turns, oldest first; an id without a turn has expired. */
const RECALL = `
local ids = redis.call('ZREVRANGE', KEYS[1], 0, ARGV[1] - 1)
if #ids == 0 then return {} end
local turns = redis.call('HMGET', KEYS[2], unpack(ids))
local oldestFirst = {}
for at = #turns, 1, -1 do oldestFirst[#oldestFirst + 1] = turns[at] end
return oldestFirst`;

const Kept = z.object({ role: z.string(), content: z.string(), expiresAtMs: z.number() });

/** The prefix of a project's keys; the rest is the session's name. It contains its own length, so that no two sessions share a key. */
const beginningOf = (project: string): string => `signalbox:memory:{${project.length}:${project}:`;
const ORDER_ENDING = "}:order";

/** The braces put both keys into one slot of a cluster. */
function keysOf({ project, session }: { project: string; session: string }): [string, string] {
  const name = `${beginningOf(project)}${session}`;
  return [`${name}${ORDER_ENDING}`, `${name}}:turns`];
}

/** The sessions of a project that have turns in Redis, with the ids of those turns, and a way to delete them. */
export interface KeptTurns {
  sessions(project: string): AsyncIterable<{ project: string; session: string }>;
  turnIds(session: { project: string; session: string }): Promise<string[]>;
  forget(session: { project: string; session: string }, turnIds: readonly string[] | "all"): Promise<void>;
}

/** Opens the store of turns in Redis. */
export function openRedisMemory(
  redisUrl: string,
  clock: Clock,
  { turnsMax, turnTtlMs }: MemoryLimits,
  log: Logger,
): ShortTermMemory & KeptTurns {
  const redis = new Redis(redisUrl, { maxRetriesPerRequest: 1, commandTimeout: ANSWER_MS_MAX, connectTimeout: ANSWER_MS_MAX });
  redis.on("error", (error) => log.debug({ err: error }, "the memory's connection has a problem"));
  const ask = <T>(work: () => Promise<T>): Promise<T> =>
    work().catch((cause: unknown) => {
      throw new AppError("upstream_unavailable", "The short-term memory (Redis) does not answer.", { cause });
    });
  const nowMs = (): number => clock.nowUs() / 1_000;
  return {
    recall: async (session) => {
      const kept = z.array(z.string()).parse(await ask(() => redis.eval(RECALL, 2, ...keysOf(session), turnsMax)));
      return kept
        .map((text) => Kept.parse(JSON.parse(text)))
        .filter(({ expiresAtMs }) => expiresAtMs > nowMs())
        .map(({ role, content }) => ({ role, content }));
    },
    remember: async ({ turnId, role, content, ...session }) => {
      const now = nowMs();
      const kept = JSON.stringify({ role, content, expiresAtMs: now + turnTtlMs });
      await ask(() => redis.eval(REMEMBER, 2, ...keysOf(session), turnId, kept, turnTtlMs, now));
    },
    async *sessions(project) {
      const beginning = beginningOf(project);
      for await (const keys of redis.scanStream({
        match: `${beginning.replaceAll("{", "\\{")}*${ORDER_ENDING}`,
        count: 1_000,
      }) as AsyncIterable<string[]>)
        for (const key of keys) yield { project, session: key.slice(beginning.length, -ORDER_ENDING.length) };
    },
    turnIds: (session) => ask(() => redis.zrange(keysOf(session)[0], "0", "-1")),
    forget: async (session, turnIds) => {
      const [order, turns] = keysOf(session);
      if (turnIds === "all") await ask(() => redis.del(order, turns));
      else if (turnIds.length > 0) await ask(() => Promise.all([redis.zrem(order, ...turnIds), redis.hdel(turns, ...turnIds)]));
    },
    close: async () => redis.disconnect(),
  };
}
