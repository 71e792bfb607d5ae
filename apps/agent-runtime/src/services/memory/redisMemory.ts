import { AppError } from "@signalbox/model";
import { Redis } from "ioredis";
import type { Logger } from "pino";
import { z } from "zod";
import type { Clock } from "../../clock.ts";
import type { MemoryLimits, ShortTermMemory } from "./shortTermMemory.ts";

const ANSWER_MS_MAX = 2_000;

/**
 * Two keys a session: turn ids by their place, and turns by their ids. They go when no turn of them is left that could be recalled: Redis lets go of
 * both some time after the last turn. Answers 1 for a turn that is new.
 */
const REMEMBER = `
if redis.call('HEXISTS', KEYS[2], ARGV[1]) == 1 then return 0 end
local last = redis.call('ZREVRANGE', KEYS[1], 0, 0, 'WITHSCORES')
redis.call('ZADD', KEYS[1], (tonumber(last[2]) or 0) + 1, ARGV[1])
redis.call('HSET', KEYS[2], ARGV[1], ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
redis.call('PEXPIRE', KEYS[2], ARGV[3])
return 1`;

/** The latest turns, oldest first; what has no turn any more was forgotten by itself. */
const RECALL = `
local ids = redis.call('ZREVRANGE', KEYS[1], 0, ARGV[1] - 1)
if #ids == 0 then return {} end
local turns = redis.call('HMGET', KEYS[2], unpack(ids))
local oldestFirst = {}
for at = #turns, 1, -1 do oldestFirst[#oldestFirst + 1] = turns[at] end
return oldestFirst`;

const Kept = z.object({ role: z.string(), content: z.string(), expiresAtMs: z.number() });

/** The braces put both keys into one slot of a cluster. A name says how long it is, so that no two sessions share one. */
function keysOf({ project, session }: { project: string; session: string }): [string, string] {
  const name = `signalbox:memory:{${project.length}:${project}:${session}}`;
  return [`${name}:order`, `${name}:turns`];
}

/** Turns in Redis. */
export function openRedisMemory(redisUrl: string, clock: Clock, { turnsMax, turnTtlMs }: MemoryLimits, log: Logger): ShortTermMemory {
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
      const kept = JSON.stringify({ role, content, expiresAtMs: nowMs() + turnTtlMs });
      await ask(() => redis.eval(REMEMBER, 2, ...keysOf(session), turnId, kept, turnTtlMs));
    },
    close: async () => redis.disconnect(),
  };
}
