import { createClickHouse, createTraceStore } from "@signalbox/db/clickhouse";
import { startTestStores, type TestStores } from "@signalbox/db/embedded";
import { changeIntakeRules, createPrisma, createProject } from "@signalbox/db/prisma";
import { aSpan, storeSpans } from "@signalbox/db/testing";
import { NewProject, SamplingRules, traceIdOf } from "@signalbox/model";
import { pino } from "pino";
import { Counter, Registry } from "prom-client";
import { afterAll, beforeAll, expect, test } from "vitest";
import { until } from "../testing/stage.ts";
import { openTailSamplingLoop } from "./tailSamplingLoop.ts";

const START_MS = Date.now() - 1_800_000;

let stores: TestStores;
let prisma: ReturnType<typeof createPrisma>;
let clickhouse: ReturnType<typeof createClickHouse>;

beforeAll(async () => {
  stores = await startTestStores();
  prisma = createPrisma(stores.databaseUrl);
  clickhouse = createClickHouse(stores.clickhouseUrl);
});

afterAll(async () => {
  await Promise.all([prisma.$disconnect(), clickhouse.close()]);
  await stores[Symbol.asyncDispose]();
});

/** A project whose traces are judged from `START_MS` on, five seconds after their last span, and the loop that does so. */
async function openJudged(project: string) {
  await createProject(prisma, NewProject.parse({ name: project }), new Date(START_MS));
  const sampling = SamplingRules.parse({ tail: { waitSeconds: 5 } });
  await changeIntakeRules(prisma, project, { sampling }, { actor: "test", now: new Date(START_MS) });
  const registers = [new Registry()];
  const judged = new Counter({ name: "judged", help: "x", labelNames: ["project", "reason"], registers });
  const dropped = new Counter({ name: "dropped", help: "x", labelNames: ["project"], registers });
  const collector: { readableUntilMs: number | null; asked: number } = { readableUntilMs: null, asked: 0 };
  const readableUntilMs = async (): Promise<number | null> => {
    collector.asked += 1;
    return collector.readableUntilMs;
  };
  const loop = openTailSamplingLoop({ prisma, clickhouse, readableUntilMs, log: pino({ level: "silent" }), pauseMs: 20, judged, dropped });
  const traces = createTraceStore(clickhouse);
  const valuesOf = async (counter: Counter) =>
    (await counter.get()).values.filter(({ labels }) => labels.project === project).map(({ labels, value }) => ({ ...labels, value }));
  return {
    loop,
    /** Sets the time up to which everything is readable, in milliseconds after the start, and waits for a whole round that knows it. */
    async say(readableMs: number | null): Promise<void> {
      collector.readableUntilMs = readableMs === null ? null : START_MS + readableMs;
      const { asked } = collector;
      await until("a whole round", async () => collector.asked >= asked + 2);
    },
    store: (trace: string, status: "ok" | "error", receivedMs: number, id = "root") =>
      storeSpans(clickhouse, [aSpan({ project, trace, status, id })], (START_MS + receivedMs) * 1_000),
    isThere: async (trace: string): Promise<boolean> => (await traces.outline(project, traceIdOf(trace), 1)) !== null,
    judged: () => valuesOf(judged),
    dropped: () => valuesOf(dropped),
  };
}

test("traces received since sampling was switched on are judged when they are over, including late ones", async () => {
  const { loop, say, store, isThere, judged, dropped } = await openJudged("shop");
  await store("before", "ok", -60_000);
  await store("fine", "ok", 1_000);
  await store("failed", "error", 1_000);
  await say(10_000);
  await until("the verdicts", async () => !(await isThere("fine")));
  expect([await isThere("before"), await isThere("failed")]).toEqual([true, true]);

  await store("late", "ok", 2_000);
  await say(1_000_000);
  await until("the late one's verdict", async () => !(await isThere("late")));
  await loop.close();
  expect(await judged()).toEqual(expect.arrayContaining([{ project: "shop", reason: "error", value: 1 }]));
  expect(await dropped()).toEqual([{ project: "shop", value: 2 }]);
});

test("a trace waits while later telemetry may not be readable yet, or that is unknown", async () => {
  const { loop, say, store, judged } = await openJudged("held-up");
  await store("slowly", "ok", 1_000);
  await say(null);
  await say(3_500);
  expect(await judged()).toEqual([]);
  await store("slowly", "error", 3_500, "child");
  await say(20_000);
  await until("the verdict", async () => (await judged()).length > 0);
  await loop.close();
  expect(await judged()).toEqual([{ project: "held-up", reason: "error", value: 1 }]);
});
