import { createEvalRun, endEvalRun, openTryStore } from "@signalbox/db/evalRuns";
import { createRedriveRule, noteRejected, pauseQueue, startReplays, writeDataset } from "@signalbox/db/prisma";
import { aReport, storeTask } from "@signalbox/db/testing";
import { type DatasetChange, DatasetItemContent, type EvalResult, EvalRunPlan, newId, ReplayPlan, type Step } from "@signalbox/model";
import { aTaskLife } from "@signalbox/model/testing";
import type { TestConsole } from "./testConsole.ts";

/**
 * A finished task, the ids of its replays (two that are done, one that waits) and of a batch with one more of them, of two eval runs,
 * and a letter of rejected telemetry.
 */
export type Work = {
  taskId: string;
  replays: readonly string[];
  waiting: string;
  batch: string;
  runs: readonly string[];
  letter: string;
  fingerprint: string;
};

const put = (id: string, input: string, expectedOutput: string): DatasetChange => ({
  ...{ kind: "put", id },
  content: DatasetItemContent.parse({ input, expectedOutput, split: "dev", metadata: { by: "ann" } }),
});

async function storeDataset({ state }: TestConsole): Promise<void> {
  const given = { project: "default", name: "trips", create: true, duplicates: "refuse", actor: "ann", now: new Date() } as const;
  const first = [put("rome", "Book me a flight to Rome on Monday.", "Rome"), put("seat", "I want a window seat.", "a seat")];
  await writeDataset(state, { ...given, changes: [first], note: "imported" });
  await writeDataset(state, { ...given, changes: [[put("rome", "Book me a flight to Oslo on Monday.", "Oslo")]], note: "another city" });
}

function aResult(position: number, passed: boolean): EvalResult {
  const itemId = `order-${position}`;
  return {
    ...{ position, itemId, trial: 0, unit: itemId, state: "answered", input: `Where is my refund of order ${position}?`, error: null },
    ...{
      expected: "on its way",
      output: passed ? "It is on its way." : "It is not possible.",
      latencyMs: 120,
      costUsd: null,
      tokens: null,
    },
    ...{ traceId: null, scores: [{ name: "contains", value: passed ? 1 : 0, passed, explanation: passed ? "" : "not in the answer" }] },
  };
}

async function storeRun({ state, clickhouse }: TestConsole, name: string, passes: readonly boolean[]): Promise<string> {
  const now = new Date();
  const plan = EvalRunPlan.parse({
    ...{ project: "default", name, dataset: "refunds@3", datasetHash: "a".repeat(64), items: passes.length, target: "agent", trials: 1 },
    ...{ unitKey: null, scorers: [{ name: "contains" }], concurrency: 8, ratePerSecond: null, timeoutMs: 60_000 },
  });
  const run = await createEvalRun(state, plan, { actor: "ann", now });
  const store = openTryStore(state, clickhouse, run, () => now);
  const results = passes.map((passed, position) => aResult(position, passed));
  await Promise.all(results.map(store.claim));
  await Promise.all(results.map(store.finish));
  await endEvalRun(state, run.id, now);
  return run.id;
}

/** Stores a replay of a task whose last answer differs from the record; one without an answer is left waiting. */
async function storeReplay({ state }: TestConsole, life: ReturnType<typeof aTaskLife>, model: string, content?: string): Promise<string> {
  const id = newId();
  const plan: object = ReplayPlan.parse({ mode: "live", from: 6, model });
  const row = { id, project: "default", taskId: life.id, actor: "ann", createdAt: new Date(), plan };
  if (content === undefined) {
    await state.replayRow.create({ data: { ...row, status: "pending" } });
    return id;
  }
  const replayed = life.steps.map(
    (step): Step =>
      step.step === 6 ? { ...step, stage: { kind: "move", input: {}, output: { kind: "reply", content, reason: "r" } } } : step,
  );
  const report = aReport(life.id, { recorded: life.steps, replayed, partsAt: 6 });
  const came = { outcome: "diverged", outcomeChanged: true, divergence: report.divergence as object, report: report as object };
  await state.replayRow.create({ data: { ...row, ...came, status: "done", startedAt: new Date(), endedAt: new Date() } });
  return id;
}

async function storeIngestLetter({ state }: TestConsole) {
  const now = new Date().toISOString();
  const minute = `${now.slice(0, 16)}:00.000Z`;
  await noteRejected(
    state,
    [
      {
        ...{ project: "default", cause: "rejected", message: "The span has no trace id.", firstFailedAt: now, lastFailedAt: now },
        payload: {
          ...{ held: "records", name: "3 records", source: "otlp_traces_http", reasonKind: "no trace id", otherThan: [] },
          ...{ minute, afterUs: 0, upToUs: Date.parse(now) * 1_000, records: 3 },
        },
      },
    ],
    async () => 3,
  );
  const { id, fingerprint } = await state.deadLetter.findFirstOrThrow({ where: { kind: "ingest" } });
  return { letter: id, fingerprint };
}

/**
 * Fills a console with what is worked on in it beside traces: project `default` with a task and its
 * replays, a redrive rule, a dataset, two eval runs and rejected telemetry, and a paused queue for `pausedProject`.
 */
export async function storeWork(app: TestConsole, pausedProject: string): Promise<Work> {
  const life = aTaskLife();
  await storeTask(app.state, life, "done");
  const replays = [await storeReplay(app, life, "model-a", "Trains are slow."), await storeReplay(app, life, "model-b", "Take a bus.")];
  const waiting = await storeReplay(app, life, "model-c");
  const order = { plan: ReplayPlan.parse({}), actor: "ann", reason: null, now: new Date() };
  const batch = await startReplays(app.state, { project: "default", since: new Date(0), until: order.now }, [life.id], order);
  const terms = { fingerprint: null, errorClass: "upstream_unavailable", lettersMax: 100, minutes: 60, runsMax: 2 };
  await createRedriveRule(app.state, { project: "default", name: "tool-away", reason: "it passes", ...terms }, order);
  await storeDataset(app);
  const runs = [await storeRun(app, "before", [true, true, false]), await storeRun(app, "after", [false, true, true])];
  await pauseQueue(app.state, { project: pausedProject, actor: "ann", reason: "the tools are being moved", now: new Date() });
  return { taskId: life.id, replays, waiting, batch, runs, ...(await storeIngestLetter(app)) };
}
