import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { startTestStores, type TestStores } from "@signalbox/db/embedded";
import { countTasks, createPrisma, listReplayable, type PrismaClient, readRecordings } from "@signalbox/db/prisma";
import type { TaskRecording } from "@signalbox/model";
import { afterAll, beforeAll, expect, test } from "vitest";
import { REPOSITORY_ROOT } from "../config.ts";
import { until } from "../testing/processes.ts";
import { runSignalbox } from "../testing/signalbox.ts";

const TASKS = 12;
const EVER = { project: "default", since: new Date(0), until: new Date(4e12) };

let stores: TestStores;
let prisma: PrismaClient;
let folder: string;
let recordings: TaskRecording[];

/** The agent runtime as a separate process, with its demo's tasks to do. */
function startRuntime(demoTasks = TASKS): ChildProcess {
  const entry = resolve(REPOSITORY_ROOT, "apps/agent-runtime/src/main.ts");
  const { PATH, NODE_COMPILE_CACHE } = process.env;
  const env = {
    ...{ PATH, NODE_COMPILE_CACHE, DATABASE_URL: stores.databaseUrl, SIGNALBOX_PORT_OFFSET: String(stores.portOffset) },
    ...{ SIGNALBOX_RUNTIME_PARTS: "gateway,worker", SIGNALBOX_TELEMETRY: "off", SIGNALBOX_LOG_LEVEL: "error" },
    ...{ SIGNALBOX_DEMO_TASKS: String(demoTasks), SIGNALBOX_RETRY_DELAY_MS: "10" },
  };
  return spawn(process.execPath, [entry], { env, stdio: ["ignore", "ignore", "inherit"] });
}

beforeAll(async () => {
  stores = await startTestStores();
  prisma = createPrisma(stores.databaseUrl);
  folder = mkdtempSync(join(tmpdir(), "signalbox-replay-"));
  const runtime = startRuntime();
  await until("the demo's tasks have ended", 240_000, async () => {
    const { done, dead } = await countTasks(prisma);
    return done + dead >= TASKS;
  });
  runtime.kill("SIGTERM");
  await once(runtime, "exit");
  recordings = await readRecordings(prisma, await listReplayable(prisma, EVER, 1_000));
});
afterAll(async () => {
  await prisma?.$disconnect();
  rmSync(folder, { recursive: true, force: true });
  await stores?.[Symbol.asyncDispose]();
});

const replay = (...args: string[]) => runSignalbox(stores, ["replay", ...args], { DATABASE_URL: stores.databaseUrl });

const POLICY = `apiVersion: gates/v1
kind: GatePolicy
metadata: { name: replays }
spec:
  offline:
    dataset: replays
    minItems: 1
    metrics:
      - { name: outcome_worse, kind: binary, direction: decrease, maxAbsolute: 0 }
`;

/** A gate's verdict on the replays that a command reports to have begun, against the record of their tasks. */
async function gate(said: string) {
  const [, batch = ""] = /replay cancel (\S+)/.exec(said) ?? [];
  const policy = join(folder, "replays.yaml");
  writeFileSync(policy, POLICY);
  const check = ["gate", "check", "--policy", policy, "--candidate", `replay:${batch}`, "--json"];
  const { stdout, exitCode } = await runSignalbox(stores, check, { DATABASE_URL: stores.databaseUrl });
  return { exitCode, ...JSON.parse(stdout) };
}

/** A task that called a tool, and the first step that did. */
function aCall(): { task: string; step: number; tool: string } {
  for (const { id, steps } of recordings)
    for (const { step, stage } of steps) if (stage.kind === "tool") return { task: id, step, tool: stage.input.call.name };
  throw new Error("no task called a tool");
}

test("every task of a time is replayed in one go, and is the same again", async () => {
  const { stdout, stderr, exitCode } = await replay("--since", "2020-01-01T00:00:00Z", "--json");
  expect(stderr).toBe("");
  const totals = JSON.parse(stdout);
  expect(totals).toMatchObject({ replayed: recordings.length, identical: recordings.length, diverged: 0, outcomeChanged: 0, failed: [] });
  expect(totals.hashes.equal).toBe(totals.hashes.total);
  expect(exitCode).toBe(0);
});

test("a tool that answers otherwise parts the two at its step, which people are shown side by side", async () => {
  const { task, step, tool } = aCall();
  const answers = join(folder, "answers.json");
  writeFileSync(answers, JSON.stringify({ output: "Error: out of order", isError: true }));
  const set = [task, "--set", `tool.${tool}=${answers}`];
  const { stdout, exitCode } = await replay(...set, "--json");
  expect(JSON.parse(stdout)).toMatchObject({ outcome: "diverged", divergence: { step, replayed: "Error: out of order" } });
  expect(exitCode).toBe(1);

  const shown = await replay(...set);
  expect(shown.stdout).toContain(`First divergence at step ${step}, step.output.output`);
  expect(shown.stdout).toMatch(/≠ .*Error: out of order/);
});

test("a worker replays live what is asked of it, one or many, and tells whether a task ends otherwise", async () => {
  const { task, step, tool } = aCall();
  const runtime = startRuntime(0);
  try {
    await until("a worker is there", 60_000, async () => (await replay(task, "--mode", "live", "--json")).exitCode === 0);
    const set = ["--mode", "live", "--set", `tool.${tool}={"output":"Error: out of order","isError":true}`];
    const one = await replay(task, ...set, "--from", String(step));
    expect(one.stdout).toContain(`Live from step ${step} on: models took $0.0000.`);
    expect(one.stdout).toContain(`First divergence at step ${step}, step.output.output`);
    const results = [join(folder, "replayed.jsonl"), join(folder, "recorded.jsonl")] as const;
    const gated = ["--results", results[0], "--recorded-results", results[1]];
    const many = await replay("--since", "2020-01-01T00:00:00Z", "--mode", "live", "--fail-on-change", "--json", ...gated);
    expect(JSON.parse(many.stdout)).toMatchObject({
      replayed: recordings.length,
      identical: recordings.length,
      outcomeChanged: 0,
      changes: { same: recordings.length },
      failed: [],
    });
    expect(many.exitCode).toBe(0);
    const [replayed, recorded] = results.map((path) => readFileSync(path, "utf8").trim().split("\n").slice(1));
    expect(replayed).toHaveLength(recordings.length);
    expect(replayed).toEqual(recorded);

    expect(await gate(many.stderr)).toMatchObject({ exitCode: 0, verdict: "pass", kept: expect.any(String) });
    const worse = await replay("--since", "2020-01-01T00:00:00Z", ...set, "--json");
    expect(JSON.parse(worse.stdout).changes.worse).toBeGreaterThan(0);
    expect(await gate(worse.stderr)).toMatchObject({ exitCode: 1, verdict: "fail", reason: expect.stringContaining("outcome_worse") });
  } finally {
    runtime.kill("SIGTERM");
    await once(runtime, "exit");
  }
});

test("what cannot be replayed says why, and what can be done", async () => {
  const { task } = aCall();
  const said = async (...args: string[]) => {
    const { stderr, exitCode } = await replay(...args);
    return { stderr, exitCode };
  };
  expect(await said(task, "--against", "9.9.9")).toEqual({
    stderr: expect.stringMatching(/9\.9\.9 .*not here: .*\n.*--against 0\.1\.0/),
    exitCode: 2,
  });
  expect(await said(task, "--set", "colour=red")).toMatchObject({ stderr: expect.stringContaining('"colour"'), exitCode: 2 });
  expect(await said(task, "--set", "model=gpt-5")).toMatchObject({ stderr: expect.stringContaining("--mode live"), exitCode: 2 });
  expect(await said()).toMatchObject({ stderr: expect.stringContaining("--group"), exitCode: 2 });
  expect(await said("00000000-0000-4000-8000-000000000000")).toMatchObject({ stderr: expect.stringContaining("no task"), exitCode: 2 });
  expect(await said("--group", "0123456789abcdef")).toMatchObject({ stderr: expect.stringContaining("fingerprint"), exitCode: 2 });
});
