import { startTestStores, type TestStores } from "@signalbox/db/embedded";
import { createPrisma, type PrismaClient } from "@signalbox/db/prisma";
import { newId } from "@signalbox/model";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Clock } from "../../clock.ts";
import { HAS_REDIS, openTestRedis } from "../../testing/testRedis.ts";
import { openPostgresMemory } from "./postgresMemory.ts";
import { openRedisMemory } from "./redisMemory.ts";
import type { MemoryLimits, ShortTermMemory } from "./shortTermMemory.ts";

const LOG = pino({ level: "silent" });
const LIMITS: MemoryLimits = { turnsMax: 3, turnTtlMs: 60_000 };

/** The contract of every store of turns. */
function shortTermMemoryContract(open: (clock: Clock) => ShortTermMemory): void {
  async function openAt() {
    let nowUs = Date.now() * 1_000;
    const memory = open({ nowUs: () => nowUs });
    const session = { project: "shop", session: newId() };
    return {
      memory,
      session,
      say: (turnId: string, content: string, of = session) => memory.remember({ ...of, turnId, role: "user", content }),
      contents: async (of = session) => (await memory.recall(of)).map(({ content }) => content),
      later: (ms: number) => {
        nowUs += ms * 1_000;
      },
      [Symbol.asyncDispose]: memory.close,
    };
  }

  test("turns come back in order, and of many only the latest", async () => {
    await using at = await openAt();
    expect(await at.contents()).toEqual([]);
    for (const [index, word] of ["one", "two", "three", "four"].entries()) await at.say(`t:${index}`, word);
    expect(await at.contents()).toEqual(["two", "three", "four"]);
    expect(await at.memory.recall(at.session)).toContainEqual({ role: "user", content: "four" });
  });

  test("a turn that is remembered again keeps its place, its words and its expiry", async () => {
    await using at = await openAt();
    await at.say("a", "first");
    await at.say("b", "second");
    at.later(40_000);
    await at.say("a", "changed");
    expect(await at.contents()).toEqual(["first", "second"]);
    at.later(20_000);
    expect(await at.contents()).toEqual([]);
  });

  test("a turn expires by itself, younger ones stay", async () => {
    await using at = await openAt();
    await at.say("a", "old");
    at.later(30_000);
    await at.say("b", "young");
    at.later(30_000);
    expect(await at.contents()).toEqual(["young"]);
  });

  test("sessions and projects are kept apart", async () => {
    await using at = await openAt();
    await at.say("a", "mine");
    const others = [
      { project: "shop", session: newId() },
      { project: "other", session: at.session.session },
    ];
    for (const other of others) {
      expect(await at.contents(other)).toEqual([]);
      await at.say("a", "another's", other);
    }
    expect(await at.contents()).toEqual(["mine"]);
  });

  test("words of any script and form come back as they were said", async () => {
    await using at = await openAt();
    const words = 'größe "quoted" \\ 漢字 😀\n{}';
    await at.say("a", words);
    expect(await at.contents()).toEqual([words]);
  });
}

describe("in PostgreSQL", () => {
  let stores: TestStores;
  let prisma: PrismaClient;
  beforeAll(async () => {
    stores = await startTestStores({ only: "postgres" });
    prisma = createPrisma(stores.databaseUrl);
  });
  afterAll(async () => {
    await prisma.$disconnect();
    await stores[Symbol.asyncDispose]();
  });
  shortTermMemoryContract((clock) => openPostgresMemory(prisma, clock, LIMITS));
});

describe.skipIf(!HAS_REDIS)("in Redis (skipped without REDIS_URL, where redis-server is not on the PATH)", () => {
  let redis: Awaited<ReturnType<typeof openTestRedis>>;
  beforeAll(async () => {
    redis = await openTestRedis();
  });
  afterAll(() => redis[Symbol.asyncDispose]());
  shortTermMemoryContract((clock) => openRedisMemory(redis.url, clock, LIMITS, LOG));

  test("a session whose turns have all expired leaves nothing behind", async () => {
    const memory = openRedisMemory(redis.url, { nowUs: () => Date.now() * 1_000 }, { turnsMax: 3, turnTtlMs: 1 }, LOG);
    const session = { project: "shop", session: newId() };
    await memory.remember({ ...session, turnId: "a", role: "user", content: "gone" });
    const { Redis } = await import("ioredis");
    const client = new Redis(redis.url);
    await expect.poll(() => client.keys(`*${session.session}*`)).toEqual([]);
    client.disconnect();
    await memory.close();
  });

  test("a session that stays active for long keeps no expired turn", async () => {
    let nowUs = Date.now() * 1_000;
    const memory = openRedisMemory(redis.url, { nowUs: () => nowUs }, LIMITS, LOG);
    const session = { project: "shop", session: newId() };
    const say = (turnId: string) => memory.remember({ ...session, turnId, role: "user", content: '"expiresAtMs":9e99}' });
    for (let turn = 0; turn < 150; turn += 1) await say(`old:${turn}`);
    nowUs += 30_000_000;
    await say("young");
    nowUs += 30_000_000;
    await say("new");
    expect(await memory.turnIds(session)).toHaveLength(52);
    await say("newest");
    expect(await memory.turnIds(session)).toEqual(["young", "new", "newest"]);
    await memory.close();
  });
});

test("a Redis that is away is reported as an outage", async () => {
  const memory = openRedisMemory("redis://127.0.0.1:1", { nowUs: () => 0 }, LIMITS, LOG);
  const session = { project: "shop", session: "s" };
  const away = expect.objectContaining({ code: "upstream_unavailable" });
  await expect(memory.recall(session)).rejects.toThrow(away);
  await expect(memory.remember({ ...session, turnId: "a", role: "user", content: "x" })).rejects.toThrow(away);
  await memory.close();
});
