import { createTrendRollups } from "@signalbox/db/clickhouse";
import { createEvalRun, endEvalRun, openTryStore } from "@signalbox/db/evalRuns";
import { createApiKey, createProject, writeDataset } from "@signalbox/db/prisma";
import {
  aChain,
  aDeadLetter,
  aReport,
  aSpan,
  NOON,
  storeDeadLetters,
  storeDecisions,
  storeScores,
  storeSpans,
  storeTask,
  wordSpanId,
} from "@signalbox/db/testing";
import { DatasetItemContent, EvalRunPlan, NewApiKey, NewProject, newId, ReplayPlan, traceIdOf } from "@signalbox/model";
import { aTaskLife } from "@signalbox/model/testing";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { barriers } from "../testing/barriers.ts";
import { launchBrowser } from "../testing/browser.ts";
import { openPage } from "../testing/consolePage.ts";
import { eventually } from "../testing/eventually.ts";
import { startTestConsole, type TestConsole } from "../testing/testConsole.ts";

let app: TestConsole;
let browser: Browser;

const startMs = Date.now() - Number(NOON / 1_000_000n) - 60_000;

const LETTER = aDeadLetter({ lastFailedAt: new Date().toISOString() });

const LIFE = aTaskLife();
const REPLAYS = { waits: newId(), done: newId() };

async function storeReplays(): Promise<void> {
  await storeTask(app.state, LIFE, "done");
  const report = aReport(LIFE.id, { recorded: LIFE.steps, replayed: LIFE.steps, partsAt: 6 });
  const came = { outcome: "diverged", outcomeChanged: true, divergence: report.divergence as object, report: report as object };
  const asked = { project: "default", taskId: LIFE.id, actor: "ann", createdAt: new Date() };
  const plan: object = ReplayPlan.parse({ mode: "live", from: 6, model: "m" });
  await app.state.replayRow.createMany({
    data: [
      { ...asked, plan, id: REPLAYS.waits, status: "pending" },
      { ...asked, plan, id: REPLAYS.done, status: "done", startedAt: new Date(), endedAt: new Date(), ...came },
    ],
  });
}

/** A dataset `trips` of two versions. */
async function storeVersions(): Promise<void> {
  for (const city of ["Rome", "Oslo"]) {
    const content = DatasetItemContent.parse({
      input: `Fly me to ${city}.`,
      expectedOutput: { city },
      metadata: { by: "ann" },
      split: "dev",
    });
    await writeDataset(app.state, {
      ...{ project: "default", name: "trips", changes: [[{ kind: "put", id: "city", content }]], create: true, duplicates: "refuse" },
      ...{ note: `to ${city}`, actor: "ann", now: new Date() },
    });
  }
}

/** A run of two items, of which `passed` says whether they passed; its id. */
async function storeRun(name: string, passed: readonly boolean[]): Promise<string> {
  const now = new Date();
  const plan = EvalRunPlan.parse({
    ...{ project: "default", name, dataset: "trips@2", datasetHash: "a".repeat(64), items: 2, target: "agent", trials: 1, unitKey: null },
    ...{ scorers: [{ name: "contains" }], concurrency: 1, ratePerSecond: null, timeoutMs: 60_000 },
  });
  const run = await createEvalRun(app.state, plan, { actor: "ann", now });
  const tries = openTryStore(app.state, app.clickhouse, run, () => now);
  for (const [position, isPassed] of passed.entries()) {
    const result = {
      ...{ position, itemId: `item-${position}`, trial: 0, unit: `item-${position}`, state: "answered" as const, input: "Where to?" },
      ...{ expected: "Oslo", output: isPassed ? "Oslo" : "Rome", error: null, latencyMs: 120, costUsd: null, tokens: null, traceId: null },
      scores: [{ name: "contains", value: isPassed ? 1 : 0, passed: isPassed, explanation: isPassed ? "" : "not in the answer: Oslo" }],
    };
    await tries.claim(result);
    await tries.finish(result);
  }
  await endEvalRun(app.state, run.id, now);
  return run.id;
}

let runs: { before: string; after: string };

beforeAll(async () => {
  browser = await launchBrowser();
  app = await startTestConsole();
  await storeSpans(app.clickhouse, [
    aSpan({ name: "task", kind: "task", atMs: startMs, session: "s", tags: ["a"], user: "u" }),
    aSpan({
      id: "llm",
      parent: "root",
      kind: "llm",
      model: "m",
      atMs: startMs,
      usage: { input: 10, output: 2, cached: null, reasoning: null },
      inputMessages: ["system", "user", "someone"].map((role) => ({ role, parts: [{ type: "text", content: "words ".repeat(900) }] })),
      outputMessages: [{ role: "assistant", parts: [{ type: "tool_call", id: "c", name: "f", arguments: { a: [1, true, "x"] } }] }],
    }),
    ...(["agent", "tool", "retriever", "guardrail", "evaluator", "embedding"] as const).map((kind) =>
      aSpan({ id: kind, parent: "root", kind, atMs: startMs + 5, status: kind === "tool" ? "error" : "ok" }),
    ),
    aSpan({ trace: "failed", name: "failed", status: "error", atMs: startMs }),
    aSpan({ trace: "rootless", id: "a", parent: "b", atMs: startMs }),
  ]);
  await createProject(app.state, NewProject.parse({ name: "shop", environments: ["production", "staging"] }), new Date());
  await createApiKey(app.state, NewApiKey.parse({ project: "shop", name: "for everything", kind: "pair", scopes: ["admin"] }), new Date());
  await storeDeadLetters(app.state, [LETTER]);
  await createTrendRollups(app.clickhouse).catchUp();
  await storeDecisions(app.clickhouse, aChain("t", [{ reason: "because" }, { spanId: wordSpanId("t", "llm") }]));
  const score = { project: "default", traceId: traceIdOf("t"), spanId: null, explanation: "", scorer: "s", time: new Date().toISOString() };
  await storeScores(app.clickhouse, [
    { ...score, name: "pass", value: 1, label: "" },
    { ...score, name: "fail", value: 0, label: "fail" },
    { ...score, name: "half", value: 0.5, label: "" },
  ]);
  await storeReplays();
  await storeVersions();
  runs = { before: await storeRun("before", [true, true]), after: await storeRun("after", [true, false]) };
});

afterAll(async () => {
  await browser?.close();
  await app?.[Symbol.asyncDispose]();
});

const TRACE = `/traces/${traceIdOf("t")}?span=${wordSpanId("t", "llm")}`;

/** Every screen and state: where it is, what must be there, and what is pressed to reach it. */
const SCREENS: readonly { name: string; path: string | (() => string); wait: string; press?: string }[] = [
  { name: "trace list", path: "/traces", wait: "text=failed" },
  { name: "trace list, filtered", path: "/traces?status=error&minMs=1", wait: "text=failed" },
  { name: "filters with values", path: "/traces?tag=a&without=user:z", wait: "[role=group][aria-label=Status] li" },
  { name: "saved views", path: "/traces", wait: "text=failed", press: "v" },
  { name: "sessions", path: "/sessions", wait: "[role=gridcell] a" },
  { name: "no sessions", path: "/sessions?q=nobody", wait: "text=No session id contains" },
  { name: "session", path: "/sessions/s", wait: "article" },
  { name: "session not there", path: "/sessions/nobody", wait: "text=This session is not here" },
  { name: "users", path: "/users", wait: "[role=gridcell] a" },
  { name: "user", path: "/users/u", wait: "[aria-label='Latest traces'] a" },
  { name: "user not there", path: "/users/nobody", wait: "text=No trace of this user" },
  { name: "time range", path: "/traces", wait: "text=failed", press: "t" },
  { name: "nothing matches", path: "/traces?model=none&name=none", wait: "text=No trace matches" },
  { name: "waterfall", path: TRACE, wait: "[role=tabpanel] article" },
  { name: "tree", path: `${TRACE}&view=tree`, wait: "[role=tabpanel] article" },
  { name: "conversation", path: `${TRACE}&view=conversation`, wait: "[role=log] [data-index]" },
  { name: "attributes", path: `${TRACE}&tab=attributes`, wait: "[role=tabpanel] dl" },
  { name: "raw span", path: `${TRACE}&tab=raw`, wait: "[role=tabpanel] pre" },
  { name: "keep a trace", path: TRACE, wait: "[role=tabpanel] article", press: "s" },
  { name: "not stored", path: `/traces/${"0".repeat(32)}`, wait: "text=This trace is not here" },
  { name: "dead letters", path: "/dead-letters", wait: "[role=gridcell] a" },
  { name: "dead letters as a table", path: "/dead-letters?view=table", wait: "table[aria-label='Letters over time']" },
  { name: "no dead letters", path: "/dead-letters?state=discarded", wait: "text=No discarded dead letters" },
  { name: "dead letters of nothing", path: "/dead-letters?q=none", wait: "text=No dead letter matches" },
  { name: "group of dead letters", path: `/dead-letters/groups/${LETTER.fingerprint}`, wait: "[role=gridcell] a" },
  { name: "group not there", path: "/dead-letters/groups/none", wait: "text=This group is not here" },
  { name: "dead letter", path: `/dead-letters/letters/${LETTER.id}`, wait: "text=Chain verified" },
  { name: "redrive", path: `/dead-letters/letters/${LETTER.id}`, wait: "text=Chain verified", press: "r" },
  { name: "keep a dead letter", path: `/dead-letters/letters/${LETTER.id}`, wait: "text=Chain verified", press: "s" },
  { name: "no redrives", path: "/dead-letters/redrives", wait: "text=Nothing was redriven yet" },
  { name: "task", path: `/tasks/${LETTER.taskId}?step=d0`, wait: "[role=slider], input[type=range]" },
  { name: "task not there", path: `/tasks/${LETTER.id}`, wait: "text=This task is not here" },
  { name: "fork", path: `/tasks/${LETTER.taskId}`, wait: "text=Nobody replayed this task", press: "y" },
  { name: "replay not there", path: `/replays/${LETTER.id}`, wait: "text=This replay is not here" },
  { name: "replay that waits", path: `/replays/${REPLAYS.waits}`, wait: "text=It waits for a worker" },
  { name: "replay", path: `/replays/${REPLAYS.done}`, wait: "text=At step 6" },
  { name: "keep a replay", path: `/replays/${REPLAYS.done}`, wait: "text=At step 6", press: "s" },
  { name: "replays side by side", path: `/replays/compare?a=${REPLAYS.done}&b=${REPLAYS.done}`, wait: "h1" },
  { name: "replays of nothing", path: "/replays/compare", wait: "text=Two replays are needed" },
  { name: "datasets", path: "/datasets", wait: "text=to Oslo" },
  { name: "no datasets", path: "/datasets?project=shop", wait: "text=Project shop has no datasets" },
  { name: "dataset", path: "/datasets/trips", wait: "[role=gridcell] a" },
  { name: "dataset of nothing", path: "/datasets/trips?q=nothing", wait: "text=No item of this version" },
  { name: "new item", path: "/datasets/trips", wait: "[role=gridcell] a", press: "i" },
  { name: "dataset not there", path: "/datasets/nothing", wait: "text=All datasets" },
  { name: "item", path: "/datasets/trips/items/city", wait: "text=Expected output" },
  { name: "edited item", path: "/datasets/trips/items/city", wait: "text=Expected output", press: "u" },
  { name: "item not there", path: "/datasets/trips/items/nothing", wait: "text=has no item nothing" },
  { name: "two versions", path: "/datasets/trips/diff?before=1&after=2", wait: "ins" },
  { name: "a version and itself", path: "/datasets/trips/diff?before=1&after=1", wait: "text=have the same items" },
  { name: "eval runs", path: "/evals", wait: "[role=gridcell] a" },
  { name: "no eval runs", path: "/evals?project=shop", wait: "text=No eval run yet" },
  { name: "eval run", path: () => `/evals/${runs.after}`, wait: "text=item-1" },
  { name: "eval run not there", path: `/evals/${newId()}`, wait: "text=has no eval run" },
  { name: "eval runs side by side", path: () => `/evals/compare?runs=${runs.before},${runs.after}`, wait: "text=item-1" },
  { name: "eval runs of nothing", path: "/evals/compare", wait: "text=Two runs are needed" },
  { name: "status", path: "/status", wait: "text=Decisions" },
  { name: "reconciliation", path: "/reconciliation", wait: "text=By source" },
  { name: "reconciliation as a table", path: "/reconciliation?view=table", wait: "text=By source" },
  { name: "reconciliation of nothing", path: "/reconciliation?project=shop", wait: "text=Nothing came in" },
  { name: "trends", path: "/trends", wait: "[role=slider]" },
  { name: "trends as tables", path: "/trends?tables=volume,latency", wait: "table[aria-label^=Traces]" },
  { name: "trends of nothing", path: "/trends?project=shop", wait: "text=Send a first trace" },
  { name: "shortcuts", path: "/status", wait: "text=Decisions", press: "?" },
  { name: "palette", path: "/status", wait: "text=Decisions", press: "Control+k" },
  { name: "projects", path: "/projects?project=shop", wait: "text=for everything" },
  { name: "projects without keys", path: "/projects", wait: "text=No keys yet" },
  { name: "project not there", path: "/projects?project=nowhere", wait: "text=There is no project nowhere" },
  { name: "new key", path: "/projects?project=shop", wait: "text=for everything", press: "a" },
  { name: "no page", path: "/nowhere", wait: "text=There is no page here" },
];

for (const theme of ["light", "dark"] as const) {
  test(`${theme}: no screen keeps anybody out`, async () => {
    const found: Record<string, string[]> = {};
    await using opened = await openPage(browser, app, theme);
    const { page, open } = opened;
    for (const screen of SCREENS) {
      await open(typeof screen.path === "string" ? screen.path : screen.path());
      await page.locator(screen.wait).first().waitFor();
      if (screen.press !== undefined) {
        await page.keyboard.press(screen.press);
        await page.locator("[role=dialog], [role=menu]").first().waitFor();
      }
      // Colours are judged as they stay, not on their way there.
      await page.evaluate(() =>
        Promise.all(
          document
            .getAnimations()
            .filter((animation) => animation.effect?.getTiming().iterations !== Number.POSITIVE_INFINITY)
            .map((animation) => animation.finished),
        ),
      );
      const barrier = await barriers(page);
      if (barrier.length > 0) found[screen.name] = barrier;
    }
    expect(found).toEqual({});
    expect(opened.scriptErrors).toEqual([]);
  });
}

test("the theme that was chosen is there before the first paint", async () => {
  await using opened = await openPage(browser, app, "light");
  const { page, open } = opened;
  await open("/status");
  await page.getByRole("button", { name: "Theme and time" }).click();
  await page.getByRole("menuitemradio", { name: "Dark" }).click();
  await eventually(() => page.locator("html").getAttribute("data-theme")).toBe("dark");
  await page.reload({ waitUntil: "commit" });
  await page.waitForSelector("body", { state: "attached" });
  expect(await page.locator("html").getAttribute("data-theme")).toBe("dark");
});

test("times can be shown in UTC", async () => {
  await using opened = await openPage(browser, app);
  const { page, open } = opened;
  await open("/traces");
  await page.locator("text=failed").first().waitFor();
  expect(await page.locator("time").first().textContent()).toMatch(/ago$/);
  await page.getByRole("button", { name: "Theme and time" }).click();
  await page.getByRole("menuitemradio", { name: "UTC" }).click();
  const iso = (await page.locator("time").first().getAttribute("datetime")) ?? "";
  await eventually(() => page.locator("time").first().textContent()).toContain(iso.slice(11, 19));
});
