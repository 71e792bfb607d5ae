import { startTestStores, type TestStores } from "@signalbox/db/embedded";
import { openRateCounter, type RateCounter } from "@signalbox/db/prisma";
import { newId } from "@signalbox/model";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { HAS_REDIS, openTestRedis } from "../../testing/testRedis.ts";
import { until } from "../../testing/testRuntime.ts";
import { openRedisRateCounter } from "./redisRateCounter.ts";
import { sharedAllowance } from "./sharedAllowance.ts";

const LOG = pino({ level: "silent" });

/** The contract of every rate counter store that gateways share. */
function rateCounterContract(open: () => RateCounter) {
  async function twoGateways() {
    const counters = [open(), open()];
    for (const counter of counters) await until("the store", () => counter.add(newId(), 1).catch(() => null));
    return {
      allowances: counters.map((counter) => sharedAllowance(counter, Date.now, LOG)),
      [Symbol.asyncDispose]: async () => void (await Promise.all(counters.map((counter) => counter.close()))),
    };
  }

  test("two gateways together let through what one name is allowed, however many requests arrive at once", async () => {
    await using gateways = await twoGateways();
    const name = newId();
    const answers = await Promise.all(gateways.allowances.flatMap((allowance) => Array.from({ length: 50 }, () => allowance(name, 60))));
    expect(answers.filter(({ kind }) => kind === "taken")).toHaveLength(60);
    for (const answer of answers)
      if (answer.kind === "refused") expect(answer.retryAfterMs).toSatisfy((ms: number) => ms > 0 && ms <= 60_000);
  });

  test("names are counted apart", async () => {
    await using gateways = await twoGateways();
    const [one, other] = gateways.allowances;
    const names = [newId(), newId(), newId()];
    const answers = await Promise.all(names.flatMap((name) => [one?.(name, 1), other?.(name, 1)]));
    expect(answers.filter((answer) => answer?.kind === "taken")).toHaveLength(3);
  });
}

describe("in PostgreSQL", () => {
  let stores: TestStores;
  beforeAll(async () => {
    stores = await startTestStores({ only: "postgres" });
  });
  afterAll(() => stores[Symbol.asyncDispose]());
  rateCounterContract(() => openRateCounter(stores.databaseUrl));
});

describe.skipIf(!HAS_REDIS)("in Redis (skipped where there is none)", () => {
  let redis: Awaited<ReturnType<typeof openTestRedis>>;
  beforeAll(async () => {
    redis = await openTestRedis();
  });
  afterAll(() => redis[Symbol.asyncDispose]());
  rateCounterContract(() => openRedisRateCounter(redis.url, LOG));
});

test("while the store is away, a gateway keeps to the limit by itself", async () => {
  const away: RateCounter = {
    add: async () => {
      throw new Error("away");
    },
    close: async () => {},
  };
  const allowance = sharedAllowance(away, Date.now, LOG);
  const answers = await Promise.all(Array.from({ length: 5 }, () => allowance("a", 3)));
  expect(answers.filter(({ kind }) => kind === "taken")).toHaveLength(3);
});
