import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { addAnnotationItems, claimAnnotationItem, createAnnotationQueue, labelAnnotationItem } from "@signalbox/db/annotations";
import { createClickHouse } from "@signalbox/db/clickhouse";
import { startTestStores, type TestStores } from "@signalbox/db/embedded";
import { createPrisma } from "@signalbox/db/prisma";
import { storeScores } from "@signalbox/db/testing";
import { OfflinePolicy, traceIdOf } from "@signalbox/model";
import { afterAll, beforeAll, expect, test } from "vitest";
import { loadConfig } from "../config.ts";
import { readRunFile } from "../gate/runs/runFile.ts";
import { calibrationsOf, storedRecords } from "../gate/runs/storedCalibrations.ts";
import { runCommandLine } from "../program.ts";

let stores: TestStores;
let folder: string;
const env = () => ({ SIGNALBOX_DATA_DIR: folder, DATABASE_URL: stores.databaseUrl, CLICKHOUSE_URL: stores.clickhouseUrl });

beforeAll(async () => {
  stores = await startTestStores();
  folder = mkdtempSync(join(tmpdir(), "signalbox-judge-"));
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await stores[Symbol.asyncDispose]();
});

async function calibrate(args: string[]): Promise<{ stdout: string; stderr: string; exitCode: number }> {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const streams = { stdout, stderr } as unknown as Parameters<typeof runCommandLine>[1];
  const [said, told, exitCode] = await Promise.all([
    text(stdout),
    text(stderr),
    runCommandLine(["judge", "calibrate", ...args], streams, env()).finally(() => {
      stdout.end();
      stderr.end();
    }),
  ]);
  return { stdout: said, stderr: told, exitCode };
}

test("a judge is compared with people's labels, and a gate believes that very judge by the record", async () => {
  const prisma = createPrisma(stores.databaseUrl);
  const clickhouse = createClickHouse(stores.clickhouseUrl);
  const traces = Array.from({ length: 12 }, (_, index) => `t${index}`);
  const queue = await createAnnotationQueue(
    prisma,
    { project: "default", name: "helpful", question: "?", kind: { type: "pass_fail" }, scoreName: "helpful", instructions: "", overlap: 1 },
    { createdBy: "ann", now: new Date() },
  );
  const subjects = traces.slice(0, 8).map((trace) => ({ traceId: traceIdOf(trace), spanId: null }));
  await addAnnotationItems(prisma, queue.id, subjects, { addedBy: "ann", now: new Date() });
  for (const [index] of subjects.entries()) {
    const item = await claimAnnotationItem(prisma, queue, { person: "ann", except: [], now: new Date() });
    await labelAnnotationItem(prisma, queue, {
      itemId: item?.id ?? "",
      person: "ann",
      value: Number(index % 2 === 0),
      note: "",
      now: new Date(),
    });
  }
  const by = (judge: string) => (trace: string, index: number) => ({
    ...{ project: "default", traceId: traceIdOf(trace), spanId: null, name: "helpful", value: index === 1 ? 1 : Number(index % 2 === 0) },
    ...{ label: "", explanation: "", scorer: judge, time: "2026-11-27T12:00:00.000Z" },
  });
  await storeScores(clickhouse, traces.map(by("judge:one")));
  const asked = ["--judge-score", "helpful", "--queue", "helpful"];
  const made = await calibrate([...asked, "--json"]);
  expect({ stderr: made.stderr, exitCode: made.exitCode }).toEqual({ stderr: "", exitCode: 0 });
  expect(JSON.parse(made.stdout)).toMatchObject({
    ties: 0,
    calibration: {
      ...{ scoreName: "helpful", judge: "judge:one", labelSet: "queue helpful", labels: 8 },
      record: {
        counts: { truePasses: 4, falseFails: 0, trueFails: 3, falsePasses: 1 },
        ...{ lines: { person: 1, judge: 0.5 }, judged: 12, kappa: { value: 0.75 }, corrected: { raw: expect.closeTo(7 / 12, 12) } },
      },
    },
  });

  const file = join(folder, "run.jsonl");
  const line = (id: string) => `{"item":"1","scores":[{"name":"helpful","value":1,"judge":{"id":"${id}"}}]}\n`;
  const offline = OfflinePolicy.parse({
    dataset: "d",
    metrics: [{ name: "helpful", kind: "binary", direction: "increase", nonInferiorityMargin: 0.1 }],
  });
  const place = { config: loadConfig(env(), {}), project: "default", offline };
  const known = async (id: string) => {
    writeFileSync(file, line(id));
    const run = await readRunFile(file, offline);
    return calibrationsOf(await storedRecords(place, [run]), run);
  };
  expect(await known("one")).toMatchObject({ helpful: { labels: 8, kappa: { value: 0.75 } } });
  expect(await known("another")).toEqual({});

  await storeScores(clickhouse, traces.slice(0, 2).map(by("judge:two")));
  expect(await calibrate(asked)).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("judge:one, judge:two") });
  expect((await calibrate([...asked, "--judge", "judge:two"])).stdout).toContain("against 2 labels");
  expect(await calibrate(["--judge-score", "kind", "--queue", "helpful"])).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining("No judge gave"),
  });
  await prisma.$disconnect();
  await clickhouse.close();
});
