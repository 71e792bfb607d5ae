import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { createClickHouse, createScoreLedger, newOutcome } from "@signalbox/db/clickhouse";
import { startTestStores, type TestStores } from "@signalbox/db/embedded";
import { createPrisma, createProject } from "@signalbox/db/prisma";
import { traceIdOf } from "@signalbox/model";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runCommandLine } from "../program.ts";

let stores: TestStores;
let folder: string;

beforeAll(async () => {
  stores = await startTestStores();
  folder = mkdtempSync(join(tmpdir(), "signalbox-rules-"));
});
afterAll(async () => {
  if (folder !== undefined) rmSync(folder, { recursive: true });
  await stores?.[Symbol.asyncDispose]();
});

async function scoreRule(...args: string[]): Promise<{ stdout: string; stderr: string; exitCode: number }> {
  const env = { SIGNALBOX_DATA_DIR: folder, DATABASE_URL: stores.databaseUrl, CLICKHOUSE_URL: stores.clickhouseUrl };
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const streams = { stdout, stderr } as unknown as Parameters<typeof runCommandLine>[1];
  const [said, told, exitCode] = await Promise.all([
    text(stdout),
    text(stderr),
    runCommandLine(["score-rule", ...args], streams, env).finally(() => {
      stdout.end();
      stderr.end();
    }),
  ]);
  return { stdout: said, stderr: told, exitCode };
}

const JUDGE = 'judge:{"model":"m","rubric":"Is it kind?","as":"kind"}';

test("a rule is made, shown with what became of its traces, changed, let wait and removed", async () => {
  const made = await scoreRule("set", "kind", "--scorers", JUDGE, 'latency:{"maxMs":500}', "--share", "0.5", "--json");
  const { id } = JSON.parse(made.stdout).rule;
  await using clickhouse = Object.assign(createClickHouse(stores.clickhouseUrl), {
    async [Symbol.asyncDispose]() {
      await clickhouse.close();
    },
  });
  const now = Date.now();
  const aWaiting = (trace: string) => newOutcome(traceIdOf(trace), "waiting", now);
  await createScoreLedger(clickhouse).write(
    { project: "default", ruleId: id, version: 1 },
    [
      { ...aWaiting("good"), state: "scored", tries: 1, scores: { kind: 1, latency: 1 }, costUsd: 0.02, tokens: 30 },
      { ...aWaiting("bad"), state: "scored", tries: 1, scores: { kind: 0.5, latency: 0 }, costUsd: 0.01, tokens: 20 },
      { ...aWaiting("odd"), state: "failed", tries: 6, reason: "the judge answered outside its schema", tokens: 10 },
      { ...aWaiting("away"), tries: 1, reason: "The model is away." },
      ...Array.from({ length: 60 }, (_, index) => aWaiting(`new-${index}`)).map((one) => ({ ...one, seenAtMs: now + 1 })),
      newOutcome(traceIdOf("left"), "sampled_out", now),
    ],
    now,
  );

  const shown = JSON.parse((await scoreRule("show", "kind", "--json")).stdout);
  expect(shown.outcomes).toEqual({
    ...{ scored: 2, sampledOut: 1, waiting: 61, failed: 1, unmatched: 0 },
    ...{ costUsd: expect.closeTo(0.03, 12), tokens: 60 },
  });
  expect(shown.scorers).toMatchObject([
    { scoreName: "kind", mean: 0.75, traces: 2, judged: { standing: { kind: "uncalibrated" } } },
    { scoreName: "latency", mean: 0.5, traces: 2, judged: null },
  ]);
  expect(shown.trouble.map(({ state, reason }: { state: string; reason: string }) => `${state}: ${reason}`).toSorted()).toEqual([
    "failed: the judge answered outside its schema",
    "waiting: The model is away.",
  ]);
  expect((await scoreRule("show", "kind")).stdout).toMatch(
    /2 scored, 1 sampled out, 61 waiting, 1 failed.*\njudges took +\$0\.0300, 60 tokens/,
  );

  const [changed, listed] = [await scoreRule("set", "kind", "--share", "0.25", "--disable"), await scoreRule("list")];
  expect(changed.stdout).toBe("Rule kind, version 2: disabled.\n");
  expect(listed.stdout).toMatch(/kind@2 +kind, latency +25 % +2 +1 +61 +1 +0 +disabled/);
  expect([(await scoreRule("remove", "kind")).exitCode, await scoreRule("show", "kind")]).toMatchObject([
    0,
    { exitCode: 2, stderr: expect.stringContaining('There is no score rule named "kind".') },
  ]);
});

test("an invalid rule is refused with a sentence that says why", async () => {
  const refused = async (...args: string[]) => {
    const { stderr, exitCode } = await scoreRule("set", "new", ...args);
    expect(exitCode).toBe(2);
    return stderr.split("\n")[0];
  };
  expect(await refused()).toBe("Say who judges: --scorers.");
  expect(await refused("--scorers", "exact")).toBe("The scorer exact needs an item's expectedOutput, which no trace has.");
  expect(await refused("--scorers", "cost", "--filter", '{"x":1}')).toBe('That filters no traces: there is no "x" here');
  expect(await refused("--scorers", "cost", "--share", "0")).toBe("That is no rule: share: it has to be more than 0");
  expect(await refused("--scorers", "cost", "--enable", "--disable")).toBe("--enable and --disable say opposite things.");
  expect((await scoreRule("list")).stdout).toBe("Project default has no score rule.\n");
  expect((await scoreRule("set", "asks", "--scorers", JUDGE)).stdout).toContain("./signalbox score-rule show asks says");
  const prisma = createPrisma(stores.databaseUrl);
  await createProject(prisma, { name: "shop", organisation: "o", environments: ["production"] }, new Date());
  await prisma.$disconnect();
  expect((await scoreRule("set", "asks", "--project", "shop", "--scorers", JUDGE)).stdout).toContain("show asks --project shop says");
  expect((await scoreRule("backfill", "asks")).stderr).toContain("nothing says how many of the stored traces it may be asked of");
});
