import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { type ClickHouseClient, createClickHouse } from "@signalbox/db/clickhouse";
import { startTestStores, type TestStores } from "@signalbox/db/embedded";
import { listEvalRuns } from "@signalbox/db/evalRuns";
import { createPrisma, createProject, listApiKeys, type PrismaClient, writeDataset } from "@signalbox/db/prisma";
import { DatasetItemContent, portsAt } from "@signalbox/model";
import { afterAll, beforeAll, expect, test } from "vitest";
import { REPOSITORY_ROOT } from "../config.ts";
import { runCommandLine } from "../program.ts";
import { until } from "../testing/processes.ts";
import { newPlace, type Place } from "../testing/signalbox.ts";

let stores: TestStores;
let prisma: PrismaClient;
let clickhouse: ClickHouseClient;
let place: Place;
let collector: ChildProcess;

beforeAll(async () => {
  stores = await startTestStores();
  prisma = createPrisma(stores.databaseUrl);
  clickhouse = createClickHouse(stores.clickhouseUrl);
  place = await newPlace();
  collector = spawn(process.execPath, [join(REPOSITORY_ROOT, "apps/collector/src/main.ts")], {
    env: {
      ...{ PATH: process.env.PATH, DATABASE_URL: stores.databaseUrl, CLICKHOUSE_URL: stores.clickhouseUrl },
      ...{ SIGNALBOX_DATA_DIR: place.dataDir, SIGNALBOX_PORT_OFFSET: String(place.portOffset), SIGNALBOX_LOG_LEVEL: "warn" },
      SIGNALBOX_COLLECTOR_KEY_REQUIRED: "true",
    },
    stdio: ["ignore", "ignore", "inherit"],
  });
  const now = new Date();
  await createProject(prisma, { name: "shop", organisation: "acme", environments: ["production"] }, now);
  const changes = ["dev", "dev", "test"].map((split, index) => ({
    ...({ kind: "put", id: `i${index}` } as const),
    content: DatasetItemContent.parse({ input: index, expectedOutput: "fine", split }),
  }));
  const write = { name: "questions", changes: [changes], create: true, duplicates: "keep" as const, note: "", actor: "ann", now };
  await writeDataset(prisma, { ...write, project: "shop" });
  await until("the collector answers", 200_000, () =>
    fetch(`http://127.0.0.1:${portsAt(place.portOffset).otlpHttp}/healthz`).then(
      ({ ok }) => ok,
      () => false,
    ),
  );
});
afterAll(async () => {
  collector?.kill("SIGKILL");
  await clickhouse?.close();
  await prisma?.$disconnect();
  await stores?.[Symbol.asyncDispose]();
  place?.[Symbol.dispose]();
});

/** Runs a verb about the project in this process. */
async function evals(...args: string[]): Promise<{ said: string; exitCode: number }> {
  let said = "";
  const stream = { write: (text: string) => (said += text), isTTY: false } as unknown as NodeJS.WriteStream;
  const env = {
    ...{ DATABASE_URL: stores.databaseUrl, CLICKHOUSE_URL: stores.clickhouseUrl },
    ...{ SIGNALBOX_DATA_DIR: place.dataDir, SIGNALBOX_PORT_OFFSET: String(place.portOffset) },
  };
  const exitCode = await runCommandLine(["eval", ...args, "--project", "shop"], { stdout: stream, stderr: stream }, env);
  return { said, exitCode };
}

const run = (...args: string[]) => evals("run", "--dataset", "questions", "--scorers", "exact", ...args);

const runsNow = async () => (await listEvalRuns(prisma, "shop", 10)).map(({ name }) => name);

test("tries of a second project stand in it, also where the collector takes nothing without a key", async () => {
  const { said, exitCode } = await run("--target", "echo fine", "--name", "whole", "--json");
  expect(exitCode, said).toBe(0);
  const { value: rows } = await until("the traces are written", 120_000, async () => {
    const query = "SELECT project, count() AS traces FROM spans FINAL WHERE name = 'eval whole' GROUP BY project";
    const found: { project: string; traces: string }[] = await (await clickhouse.query({ query, format: "JSONEachRow" })).json();
    return found.length > 0 && Number(found[0]?.traces) === 3 ? found : undefined;
  });
  expect(rows.map(({ project }) => project)).toEqual(["shop"]);
  expect(await listApiKeys(prisma, "shop", 10)).toEqual([]);
});

test("a split is asked alone, and one that is not there is refused with those that are", async () => {
  const { said, exitCode } = await run("--target", "echo fine", "--split", "dev", "--name", "half", "--json");
  expect(exitCode, said).toBe(0);
  expect(JSON.parse(said.slice(said.indexOf("{")))).toMatchObject({ run: { split: "dev", items: 2, finished: 2 } });
  expect(await run("--target", "echo fine", "--split", "deb")).toMatchObject({
    exitCode: 2,
    said: expect.stringContaining("It has dev, test."),
  });
});

test.each([
  ["a version that is not there", ["--target", "agent@0.0.0+typo"], "There is no version"],
  ["a command that cannot be run", ["--target", "no-such-program-anywhere"], "cannot be run"],
  ["a folder that is not there", ["--target", "recorded:nowhere"], "nowhere"],
  ["a need that no item meets", ["--target", "echo fine", "--scorers", "trajectory"], "it has no expectedToolCalls"],
  ["no time", ["--target", "echo fine", "--timeout", "0"], "It is a number from 0.001 to 86400."],
  ["more time than a timer knows", ["--target", "echo fine", "--timeout", "2147484"], "It is a number from"],
  ["a rate of nothing", ["--target", "echo fine", "--rate", "0"], "It is a number from"],
])("%s is refused, and leaves no run", async (_, flags, sentence) => {
  const before = await runsNow();
  const { said, exitCode } = await run(...flags);
  expect([exitCode, said]).toEqual([2, expect.stringContaining(sentence)]);
  expect(await runsNow()).toEqual(before);
});

test("a run is deleted when it is named twice", async () => {
  expect((await run("--target", "echo fine", "--name", "gone")).exitCode).toBe(0);
  const asked = await evals("delete", "gone");
  expect(asked).toMatchObject({ exitCode: 2, said: expect.stringContaining("with its 3 tries, for good") });
  expect(await runsNow()).toContain("gone");
  const deleted = await evals("delete", "gone", "--yes", "gone");
  expect(deleted, deleted.said).toMatchObject({ exitCode: 0 });
  expect(await runsNow()).not.toContain("gone");
});
