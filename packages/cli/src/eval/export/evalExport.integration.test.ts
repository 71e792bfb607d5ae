import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, request as forward, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ClickHouseClient, createClickHouse } from "@signalbox/db/clickhouse";
import { startTestStores, type TestStores } from "@signalbox/db/embedded";
import { createEvalRun, endEvalRun, listEvalRuns, openTryStore, streamEvalResults } from "@signalbox/db/evalRuns";
import { foldExperiment, listDueExperiments } from "@signalbox/db/langsmith";
import { createPrisma, createProject, type PrismaClient, resolveDataset, streamDatasetItems, writeDataset } from "@signalbox/db/prisma";
import { DatasetItemContent, type EvalResult, type EvalRun, EvalRunPlan, portsAt } from "@signalbox/model";
import { afterAll, beforeAll, expect, test } from "vitest";
import { REPOSITORY_ROOT } from "../../config.ts";
import { runCommandLine } from "../../program.ts";
import { until } from "../../testing/processes.ts";
import { newPlace } from "../../testing/signalbox.ts";

const ITEMS = 130;
const WEEK_MS = 7 * 86_400_000;

let stores: TestStores;
let prisma: PrismaClient;
let clickhouse: ClickHouseClient;
let collector: ChildProcess;
let run: EvalRun;
let folder: string;
let remove: () => void;

/** A proxy in front of the collector that counts requests by method and path, and breaks off after a number of requests with runs. */
let door: Server;
let endpoint: string;
let seen: string[] = [];
let batchesMax = Number.POSITIVE_INFINITY;
/** Whether it refuses changes of a run, as LangSmith does once that is finished. */
let areRunsFixed = false;

const content = (at: number): DatasetItemContent =>
  DatasetItemContent.parse({ input: { question: at }, expectedOutput: { answer: at }, split: at % 2 === 0 ? "dev" : "test" });

function resultOf(position: number): EvalResult {
  const isFailed = position === 3;
  return {
    ...{ position, itemId: `i${position}`, trial: 0, unit: `i${position}`, state: isFailed ? "failed" : "answered" },
    ...{ input: { question: position }, expected: { answer: position }, output: isFailed ? null : { answer: position } },
    ...{ error: isFailed ? "it ended with exit code 3" : null, traceId: null, latencyMs: 20, costUsd: null, tokens: null },
    scores: [
      { name: "exact", value: isFailed ? 0 : 1, passed: !isFailed, explanation: isFailed ? "no answer: it ended with exit code 3" : "" },
      { name: "rouge", value: isFailed ? 0 : 0.5, passed: isFailed ? false : null, explanation: isFailed ? "no answer" : "other words" },
    ],
  };
}

beforeAll(async () => {
  stores = await startTestStores();
  prisma = createPrisma(stores.databaseUrl);
  clickhouse = createClickHouse(stores.clickhouseUrl);
  folder = mkdtempSync(join(tmpdir(), "signalbox-export-"));
  const place = await newPlace();
  remove = () => place[Symbol.dispose]();
  collector = spawn(process.execPath, [join(REPOSITORY_ROOT, "apps/collector/src/main.ts")], {
    env: {
      ...{ PATH: process.env.PATH, DATABASE_URL: stores.databaseUrl, CLICKHOUSE_URL: stores.clickhouseUrl },
      ...{ SIGNALBOX_DATA_DIR: place.dataDir, SIGNALBOX_PORT_OFFSET: String(place.portOffset), SIGNALBOX_LOG_LEVEL: "warn" },
    },
    stdio: ["ignore", "ignore", "inherit"],
  });
  const port = portsAt(place.portOffset).otlpHttp;
  await until("the collector answers", 200_000, () =>
    fetch(`http://127.0.0.1:${port}/healthz`).then(
      ({ ok }) => ok,
      () => false,
    ),
  );
  door = createServer((from, to) => {
    seen.push(`${from.method} ${from.url?.replace(/[0-9a-f-]{36}/, ":id").replace(/\?.*/, "")}`);
    if (from.url === "/runs/batch" && seen.filter((path) => path === "POST /runs/batch").length > batchesMax)
      return to.writeHead(400).end("{}");
    if (areRunsFixed && from.url?.startsWith("/runs")) return to.writeHead(409).end("{}");
    const { method, url: path } = from;
    const headers = { ...from.headers, host: `127.0.0.1:${port}` };
    const onward = forward({ host: "127.0.0.1", port, method, path, headers }, (answer) => {
      to.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(to);
    });
    from.pipe(onward);
  }).listen(0, "127.0.0.1");
  await until("the door is open", 60_000, () => door.listening);
  endpoint = `http://127.0.0.1:${(door.address() as AddressInfo).port}`;

  const began = new Date(Date.now() - WEEK_MS);
  const changes = Array.from({ length: ITEMS }, (_, at) => ({ kind: "put" as const, id: `i${at}`, content: content(at) }));
  const write = { project: "default", name: "questions", duplicates: "keep" as const, note: "", actor: "ann", now: began };
  await writeDataset(prisma, { ...write, changes: [changes], create: true });
  const { version } = await resolveDataset(prisma, "default", { name: "questions", version: { kind: "latest" } });
  const plan = EvalRunPlan.parse({
    ...{ project: "default", name: "before", dataset: "questions@1", datasetHash: version.hash, items: ITEMS, target: "cat" },
    ...{ scorers: [{ name: "exact" }, { name: "rouge" }], trials: 1, unitKey: null, concurrency: 8, ratePerSecond: null, timeoutMs: 1_000 },
  });
  run = await createEvalRun(prisma, plan, { actor: "ann", now: began });
  const tries = openTryStore(prisma, clickhouse, run, () => began);
  const results = Array.from({ length: ITEMS }, (_, at) => resultOf(at));
  await Promise.all(results.map(async (result) => (await tries.claim(result)) && tries.finish(result)));
});
afterAll(async () => {
  collector?.kill("SIGKILL");
  door?.closeAllConnections();
  door?.close();
  await clickhouse?.close();
  await prisma?.$disconnect();
  await stores?.[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
  remove?.();
});

const signalbox = (...args: string[]) => signalboxAt(endpoint, ...args);

async function signalboxAt(langSmith: string, ...args: string[]): Promise<{ said: string; exitCode: number }> {
  let said = "";
  const stream = { write: (text: string) => (said += text), isTTY: false } as unknown as NodeJS.WriteStream;
  const env = { DATABASE_URL: stores.databaseUrl, LANGSMITH_ENDPOINT: langSmith };
  const exitCode = await runCommandLine(args, { stdout: stream, stderr: stream }, env);
  return { said, exitCode };
}

/** The eval run that the controller makes of the existing experiments. */
async function arrived(): Promise<EvalRun | undefined> {
  const now = new Date(Date.now() + 60_000);
  for (const experiment of await listDueExperiments(prisma, now, 10)) await foldExperiment({ prisma, clickhouse }, experiment, now);
  return (await listEvalRuns(prisma, "default", 10)).find(({ id }) => id !== run.id);
}

const planOf = ({
  id: _id,
  actor: _actor,
  createdAt: _at,
  endedAt: _end,
  note: _note,
  finished: _all,
  failed: _failed,
  ...plan
}: EvalRun) => plan;

async function all<T>(rows: AsyncIterable<T>): Promise<T[]> {
  const read: T[] = [];
  for await (const row of rows) read.push(row);
  return read;
}

const rowsOf = async (sql: string): Promise<unknown> => {
  const answer = await clickhouse.query({ query: sql, format: "JSONEachRow" });
  return (await answer.json())[0];
};

test("a run that has not ended goes to a file, and not to LangSmith", async () => {
  const csv = join(folder, "before.csv");
  expect((await signalbox("eval", "export", "before", csv)).said).toContain(`${ITEMS} tries of before are in ${csv}.`);
  const lines = readFileSync(csv, "utf8").trimEnd().split("\r\n");
  expect([lines.length, lines[4]?.slice(0, 18)]).toEqual([ITEMS + 1, 'i3,i3,0,failed,"{"']);
  const refused = await signalbox("eval", "export", "before", "--to", "langsmith");
  expect(refused).toMatchObject({ exitCode: 2, said: expect.stringContaining("has not ended") });
  expect(await signalbox("eval", "export", "before")).toMatchObject({ exitCode: 2, said: expect.stringContaining("--to langsmith") });
  expect(seen).toEqual([]);
});

test("an export that is broken off goes on where it stopped, and what is sent arrives as a run of the same results", async () => {
  await endEvalRun(prisma, run.id, new Date());
  batchesMax = 1;
  const stopped = await signalbox("eval", "export", "before", "--to", "langsmith");
  expect(stopped, stopped.said).toMatchObject({ exitCode: 4, said: expect.stringContaining("answered 400") });
  expect(stopped.said).toContain(`./signalbox eval export ${run.id} --to langsmith goes on.`);
  batchesMax = Number.POSITIVE_INFINITY;
  seen = [];
  const ended = await signalbox("eval", "export", "before", "--to", "langsmith", "--json");
  expect(ended.exitCode, ended.said).toBe(0);
  const { exported } = JSON.parse(ended.said);
  expect(exported).toMatchObject({ tries: ITEMS, before: 100, scores: 2 * (ITEMS - 100) });
  expect(seen.filter((path) => path.includes("/runs"))).toEqual(["POST /runs/batch"]);

  const { value: there } = await until("every try has arrived", 120_000, async () => {
    const found = await arrived();
    const scores = found === undefined ? [] : (await all(streamEvalResults(prisma, found.id))).flatMap((result) => result.scores);
    return found?.finished === ITEMS && scores.length === 2 * ITEMS ? found : undefined;
  });
  expect(there).toMatchObject({ name: exported.experiment, items: ITEMS, trials: 1, failed: 1, endedAt: expect.any(String) });
  const [theirs, ours] = await Promise.all([all(streamEvalResults(prisma, there.id)), all(streamEvalResults(prisma, run.id))]);
  const told = ({ position, trial, state, input, expected, output, error, scores }: EvalResult) => ({
    ...{ position, trial, state, input, expected, output: output ?? {}, error },
    scores: scores.map(({ name, value, explanation }) => ({ name, value, explanation })),
  });
  expect(theirs.map(told)).toEqual(ours.map(told));
  const [name] = there.dataset.split("@");
  const { dataset } = await resolveDataset(prisma, "default", { name: name ?? "", version: { kind: "latest" } });
  const items = await all(streamDatasetItems(prisma, dataset.id, dataset.latest?.number ?? 0));
  expect(items.map(({ input, split, metadata }) => ({ input, split, metadata }))).toEqual(
    Array.from({ length: ITEMS }, (_, at) => ({
      input: { question: at },
      split: content(at).split,
      metadata: { signalbox_item: `i${at}` },
    })),
  );
});

test("a second export changes what is there and doubles nothing", async () => {
  const counts = () =>
    rowsOf(
      "SELECT (SELECT uniqExact(trace_id, span_id) FROM spans FINAL) AS spans, (SELECT count() FROM scores FINAL WHERE scorer != 'eval') AS scores",
    );
  const [before, there] = [await counts(), await arrived()];
  seen = [];
  const again = await signalbox("eval", "export", "before", "--to", "langsmith", "--json");
  expect(JSON.parse(again.said).exported).toMatchObject({ tries: ITEMS, before: 0, scores: 2 * ITEMS });
  expect(seen.filter((path) => path.endsWith("/examples") && path.startsWith("POST"))).toEqual([]);
  await until("it was written", 120_000, async () =>
    (await (await fetch(`${endpoint}/metrics`)).text()).includes("\nsignalbox_collector_journal_bytes 0\n"),
  );
  expect(await arrived()).toEqual(there);
  expect(await counts()).toEqual(before);
  expect(await listEvalRuns(prisma, "default", 10)).toHaveLength(2);
});

test("another project's run on the same items shares the examples", async () => {
  await createProject(prisma, { name: "other", organisation: "acme", environments: ["production"] }, new Date());
  const changes = Array.from({ length: ITEMS }, (_, at) => ({ kind: "put" as const, id: `other${at}`, content: content(at) }));
  const write = { project: "other", name: "questions", duplicates: "keep" as const, note: "", actor: "ann", now: new Date() };
  await writeDataset(prisma, { ...write, changes: [changes], create: true });
  const plan = { ...EvalRunPlan.parse({ ...planOf(run), project: "other" }), name: "theirs" };
  const theirs = await createEvalRun(prisma, plan, { actor: "ann", now: new Date() });
  await endEvalRun(prisma, theirs.id, new Date());
  seen = [];
  const exported = await signalbox("eval", "export", "theirs", "--to", "langsmith", "--project", "other");
  expect(exported, exported.said).toMatchObject({ exitCode: 0 });
  expect(seen.filter((path) => path.endsWith("/examples") && path.startsWith("POST"))).toEqual([]);
  expect(seen).toContain("POST /sessions");
});

test("runs that LangSmith has as finished stay, and the export is whole", async () => {
  areRunsFixed = true;
  const again = await signalbox("eval", "export", "before", "--to", "langsmith", "--json");
  areRunsFixed = false;
  expect(again, again.said).toMatchObject({ exitCode: 0 });
  expect(JSON.parse(again.said).exported).toMatchObject({ tries: ITEMS, scores: 2 * ITEMS });
});

test.each([
  ["ftp://127.0.0.1", 2, "LANGSMITH_ENDPOINT is no http or https URL."],
  ["nonsense", 2, "LANGSMITH_ENDPOINT is no http or https URL."],
  ["http://ann:hidden@127.0.0.1", 2, "LANGSMITH_ENDPOINT has a name or a password in it."],
])("the endpoint %s is refused before anything is sent, and not repeated", async (langSmith, exitCode, message) => {
  const refused = await signalboxAt(langSmith, "eval", "export", "before", "--to", "langsmith");
  expect(refused).toMatchObject({ exitCode, said: expect.stringContaining(message) });
  expect(refused.said).not.toContain("hidden");
});

test("what answers in other words is told apart from what does not answer", async () => {
  const other = createServer((_, to) => to.end("<html>")).listen(0, "127.0.0.1");
  await until("it listens", 60_000, () => other.listening);
  const url = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
  const refused = await signalboxAt(url, "eval", "export", "before", "--to", "langsmith");
  other.closeAllConnections();
  other.close();
  expect(refused).toMatchObject({ exitCode: 4, said: expect.stringContaining("is not LangSmith") });
});
