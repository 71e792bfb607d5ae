import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startTestStores, type TestStores } from "@signalbox/db/embedded";
import { requireEvalRun } from "@signalbox/db/evalRuns";
import { createPrisma, type PrismaClient, writeDataset } from "@signalbox/db/prisma";
import { seededRandom } from "@signalbox/evals";
import { DatasetItemContent } from "@signalbox/model";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { runCommandLine } from "../program.ts";
import { until } from "../testing/processes.ts";
import { runSignalbox, spawnSignalbox } from "../testing/signalbox.ts";

const ITEMS = 84;
const KILLS = 20;
const SEED = 6;

let stores: TestStores;
let prisma: PrismaClient;
let folder: string;
let env: Record<string, string>;
let server: Server;
let url: string;

/** Every request to the target, by its key; its answer depends on the input alone. */
let asked: { key: string; item: string }[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "signalbox-eval-"));
  stores = await startTestStores();
  env = { DATABASE_URL: stores.databaseUrl, CLICKHOUSE_URL: stores.clickhouseUrl };
  prisma = createPrisma(stores.databaseUrl);
  const changes = Array.from({ length: ITEMS }, (_, index) => ({
    ...({ kind: "put", id: `i${index}` } as const),
    content: DatasetItemContent.parse({ input: index, expectedOutput: `answer ${index}` }),
  }));
  await writeDataset(prisma, {
    ...{
      project: "default",
      name: "numbers",
      changes: [changes],
      create: true,
      duplicates: "keep",
      note: "",
      actor: "ann",
      now: new Date(),
    },
  });
  server = createServer(async (request, response) => {
    const { key, item, input } = JSON.parse((await request.toArray()).join(""));
    asked.push({ key, item });
    if (input % 11 === 3) response.writeHead(500).end("no");
    else response.end(JSON.stringify({ output: input % 7 === 0 ? "wrong" : `answer ${input}` }));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});
afterAll(async () => {
  server?.closeAllConnections();
  server?.close();
  await prisma?.$disconnect();
  await stores?.[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(() => {
  asked = [];
});

const place = () => ({ dataDir: folder, portOffset: 9_000 });
const planned = (name: string) =>
  `eval run --dataset numbers@1 --target ${url} --scorers exact,levenshtein --concurrency 3 --name ${name} --json`.split(" ");

const resultsOf = (name: string): string => readFileSync(join(folder, `${name}.jsonl`), "utf8");

test("killed at 20 places and taken up each time, a run comes to the same results as one that nobody killed", async () => {
  const whole = await runSignalbox(place(), [...planned("whole"), "--results", join(folder, "whole.jsonl")], env);
  expect(whole.exitCode, whole.stderr).toBe(0);
  expect(JSON.parse(whole.stdout)).toMatchObject({
    run: { finished: ITEMS, failed: 8 },
    scorers: [{ name: "exact" }, { name: "levenshtein" }],
  });
  expect(new Set(asked.map(({ key }) => key)).size).toBe(ITEMS);
  expect(asked).toHaveLength(ITEMS);

  asked = [];
  const random = seededRandom(SEED);
  for (let kill = 1; kill <= KILLS; kill += 1) {
    const resume = ["eval", "run", "--resume", "killed", "--json"];
    const child = spawnSignalbox(place(), kill === 1 ? planned("killed") : resume, env);
    const ended = once(child, "exit");
    const enough = asked.length + 1 + Math.floor(random() * 4);
    await until("the target was asked", 60_000, () => asked.length >= enough || child.exitCode !== null);
    child.kill("SIGKILL");
    await ended;
  }
  const args = ["eval", "run", "--resume", "killed", "--results", join(folder, "killed.jsonl")];
  const last = await runSignalbox(place(), args, env);
  expect(last.exitCode, last.stderr).toBe(0);
  expect(resultsOf("killed")).toBe(resultsOf("whole"));
  expect(resultsOf("whole").split("\n")).toHaveLength(1 + ITEMS + 1);

  const keys = Map.groupBy(asked, ({ item }) => item);
  expect(keys.size).toBe(ITEMS);
  for (const times of keys.values()) expect(new Set(times.map(({ key }) => key)).size).toBe(1);
  // Requests in flight at a kill are repeated: three at most each time.
  expect(asked.length).toBeLessThanOrEqual(ITEMS + 3 * KILLS);
});

test("a judge by its file asks its endpoint, and an answer outside its schema is a failed score with the reason", async () => {
  const model = createServer(async (request, response) => {
    const { messages } = JSON.parse((await request.toArray()).join(""));
    const isGood = !JSON.stringify(messages).includes("wrong");
    const content = isGood ? JSON.stringify({ reasoning: "It is right.", grade: 1 }) : "I would rather not.";
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ model: "stub", choices: [{ message: { content } }] }));
  }).listen(0, "127.0.0.1");
  await once(model, "listening");
  const file = join(folder, "helpful.yaml");
  writeFileSync(file, "name: helpful\nmodel: stub\nrubric: Is it right?\npassAt: 1\n");
  const args = ["eval", "run", "--dataset", "numbers@1", "--target", url, "--scorers", `judge:${file}`, "--name", "judged"];
  const results = join(folder, "judged.jsonl");
  const unset = await runSignalbox(place(), args, env);
  expect([unset.exitCode, unset.stderr]).toEqual([2, expect.stringContaining("SIGNALBOX_JUDGE_URL, which is not set to a URL")]);
  const judgeUrl = `http://127.0.0.1:${(model.address() as AddressInfo).port}/v1`;
  const run = await runSignalbox(place(), [...args, "--results", results], { ...env, SIGNALBOX_JUDGE_URL: judgeUrl });
  model.closeAllConnections();
  model.close();
  expect([run.exitCode, run.stderr]).toEqual([0, expect.any(String)]);
  expect(run.stdout).toMatch(/helpful +0\.\d+ .*uncalibrated\n/);
  const [, first, second] = readFileSync(results, "utf8").split("\n");
  expect(JSON.parse(first ?? "").scores).toMatchObject([{ value: 0, explanation: expect.stringContaining("outside its schema 2 times") }]);
  expect(JSON.parse(second ?? "").scores).toMatchObject([{ name: "helpful", value: 1, passed: true }]);
});

test.each([
  [["--scorers", "exactly"], 2, "There is no scorer named exactly.", "Did you mean exact?"],
  [["--scorers", 'numeric:{"tolerance":-1}'], 2, "The scorer numeric cannot be told that", "tolerance"],
  [["--scorers", "judge:nowhere.yaml"], 2, "nowhere.yaml", ""],
  [["--dataset", "numbers@7", "--scorers", "exact"], 2, "numbers", "7"],
  [["--dataset", "letters", "--scorers", "exact"], 2, "letters", ""],
  [["--target", "no-such-program-anywhere", "--scorers", "exact"], 2, "cannot be run", "A target is"],
  [["--target", "recorded:nowhere", "--scorers", "exact"], 2, "nowhere", ""],
  [["--export", "langsmith", "--scorers", "exact"], 2, "Nothing says where LangSmith is.", "LANGSMITH_API_KEY"],
  [["--export", "elsewhere", "--scorers", "exact"], 2, "langsmith", ""],
])("%j is refused with %i and a sentence", async (flags, code, sentence, hint) => {
  const given = flags.filter((_, at) => at % 2 === 0);
  const rest = [
    ["--dataset", "numbers@1"],
    ["--target", "echo"],
  ].filter(([flag = ""]) => !given.includes(flag));
  let said = "";
  const stream = { write: (text: string) => (said += text), isTTY: false } as unknown as NodeJS.WriteStream;
  const args = ["eval", "run", ...rest.flat(), ...flags, "--name", "refused", "--data-dir", folder];
  const exitCode = await runCommandLine(args, { stdout: stream, stderr: stream }, env);
  expect([exitCode, said]).toEqual([code, expect.stringContaining(sentence)]);
  expect(said).toContain(hint);
});

test("a target that crashes, hangs, says too much or what is no text fails each of its items, with the reason", async () => {
  const target = [
    "read -r question",
    'case "$question" in',
    '*""i0""*) kill -SEGV $$ ;;',
    '*""i1""*) sleep 30 ;;',
    '*""i2""*) yes ;;',
    '*""i3""*) printf "\\377\\376" ;;',
    "*) echo fine ;;",
    "esac",
  ].join("\n");
  const results = join(folder, "odd.jsonl");
  const args = ["eval", "run", "--dataset", "numbers@1", "--target", target, "--scorers", "exact", "--timeout", "8", "--name", "odd"];
  const { exitCode, stderr } = await runSignalbox(place(), [...args, "--results", results], env);
  expect(exitCode, stderr).toBe(0);
  const tries = readFileSync(results, "utf8")
    .trimEnd()
    .split("\n")
    .slice(1)
    .map((line) => JSON.parse(line));
  expect(tries.slice(0, 5).map(({ state, error, scores: [score] }) => [state, error, score.value])).toEqual([
    ["failed", "it ended with SIGSEGV", 0],
    ["failed", "it took longer than 8000 ms", 0],
    ["failed", "its answer is longer than 10 MiB", 0],
    ["failed", "its answer is not UTF-8", 0],
    ["answered", null, 0],
  ]);
  expect(tries).toHaveLength(ITEMS);
});

test("a target that is down ends the run with 4, and says how to go on", async () => {
  const { port } = server.address() as AddressInfo;
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  const stopped = await runSignalbox(place(), planned("down"), env);
  expect(stopped.exitCode).toBe(4);
  const { id, note, finished } = await requireEvalRun(prisma, "default", "down");
  expect(JSON.parse(stopped.stdout).error).toMatchObject({ code: "upstream_unavailable", hint: expect.stringContaining(`--resume ${id}`) });
  expect([finished, note]).toEqual([0, expect.stringContaining("does not answer")]);
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  const resumed = await runSignalbox(place(), ["eval", "run", "--resume", id, "--json"], env);
  expect(JSON.parse(resumed.stdout).run).toMatchObject({ finished: ITEMS, note: null });
});

test("two runs are compared on the items that they share", async () => {
  const worse = await runSignalbox(
    place(),
    ["eval", "run", "--dataset", "numbers@1", "--target", 'echo \'{"output":"no"}\'', "--scorers", "exact,levenshtein", "--name", "worse"],
    env,
  );
  expect(worse.exitCode, worse.stderr).toBe(0);
  const compared = await runSignalbox(place(), ["eval", "compare", "whole", "worse"], env);
  expect(compared.exitCode, compared.stderr).toBe(1);
  expect(compared.stdout).toContain(`worse against whole, on ${ITEMS} shared items`);
  expect(compared.stdout).toMatch(/exact +regressed/);
});

test("a scorer that needs what items do not have is refused, and nothing is asked", async () => {
  const args = ["eval", "run", "--dataset", "numbers", "--target", url, "--scorers", "trajectory", "--name", "refused"];
  const { stderr, exitCode } = await runSignalbox(place(), args, env);
  expect([exitCode, stderr]).toEqual([2, expect.stringContaining("it has no expectedToolCalls")]);
  expect(asked).toEqual([]);
});
