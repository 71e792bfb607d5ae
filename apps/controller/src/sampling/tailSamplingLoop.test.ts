import { createClickHouse, createTraceStore } from "@signalbox/db/clickhouse";
import { startTestStores } from "@signalbox/db/embedded";
import { changeIntakeRules, createPrisma, createProject } from "@signalbox/db/prisma";
import { aSpan, storeSpans } from "@signalbox/db/testing";
import { NewProject, SamplingRules, traceIdOf } from "@signalbox/model";
import { pino } from "pino";
import { Counter, Registry } from "prom-client";
import { expect, test } from "vitest";
import { until } from "../testing/stage.ts";
import { openTailSamplingLoop } from "./tailSamplingLoop.ts";

const HOUR_MS = 3_600_000;

test("traces that came since sampling was switched on are judged when they are over, also those that reached the store late", async () => {
  await using stores = await startTestStores();
  await using prisma = createPrisma(stores.databaseUrl);
  const clickhouse = createClickHouse(stores.clickhouseUrl);
  const traces = createTraceStore(clickhouse);
  const registers = [new Registry()];
  const judged = new Counter({ name: "judged", help: "x", labelNames: ["project", "reason"], registers });
  const dropped = new Counter({ name: "dropped", help: "x", labelNames: ["project"], registers });
  const isThere = async (trace: string): Promise<boolean> => (await traces.outline("shop", traceIdOf(trace), 1)) !== null;

  const startMs = Date.now() - HOUR_MS;
  let nowMs = startMs;
  await createProject(prisma, NewProject.parse({ name: "shop" }), new Date(nowMs));
  const store = (trace: string, status: "ok" | "error", receivedMs: number) =>
    storeSpans(clickhouse, [aSpan({ project: "shop", trace, status })], receivedMs * 1_000);
  await store("before", "ok", startMs - 60_000);
  const sampling = SamplingRules.parse({ tail: { waitSeconds: 5 } });
  await changeIntakeRules(prisma, "shop", { sampling }, { actor: "test", now: new Date(startMs) });
  await store("fine", "ok", startMs + 1_000);
  await store("failed", "error", startMs + 1_000);

  const loop = openTailSamplingLoop({
    prisma,
    clickhouse,
    clock: () => nowMs,
    log: pino({ level: "silent" }),
    pauseMs: 20,
    judged,
    dropped,
  });
  nowMs = startMs + 10_000;
  await until("the verdicts", async () => !(await isThere("fine")));
  expect([await isThere("before"), await isThere("failed")]).toEqual([true, true]);

  await store("late", "ok", startMs + 2_000);
  nowMs = startMs + 1_000_000;
  await until("the late one's verdict", async () => !(await isThere("late")));
  await loop.close();
  await clickhouse.close();
  expect((await judged.get()).values.map(({ labels, value }) => [labels.reason, value])).toEqual(expect.arrayContaining([["error", 1]]));
  expect((await dropped.get()).values).toMatchObject([{ value: 2 }]);
});
