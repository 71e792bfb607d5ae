import { aSpan, NOON, storeSpans } from "@signalbox/db/testing";
import { traceIdOf } from "@signalbox/model";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchBrowser } from "../testing/browser.ts";
import { openPage } from "../testing/consolePage.ts";
import { judgeScreens, type Screen } from "../testing/judgeScreens.ts";
import { storeRollout, storeVersion, supportGate } from "../testing/storeRollout.ts";
import { type Scoring, storeScoring } from "../testing/storeScoring.ts";
import { storeWork, type Work } from "../testing/storeWork.ts";
import { startTestConsole, type TestConsole } from "../testing/testConsole.ts";

const MINUTE_MS = 60_000;
const TALKS = Array.from({ length: 40 }, (_, index) => `talk ${index}`);
const NOBODY = "00000000-0000-4000-8000-000000000000";

let app: TestConsole;
let browser: Browser;
let work: Work;
let scoring: Scoring;
let rollouts: { bad: string; fair: string };

async function storeRollouts({ state }: TestConsole) {
  const [stable, worse, equal] = [
    await storeVersion(state, "1.4.0", "large"),
    await storeVersion(state, "1.5.0", "small"),
    await storeVersion(state, "1.6.0", "larger"),
  ];
  const of = { project: "default", policy: supportGate(), stable };
  const good = { success: 0.85, dlq: 0.01 };
  const ago = (minutes: number) => ({ unitsPerLook: 40, seed: 1, from: new Date(Date.now() - minutes * MINUTE_MS) });
  const worseArm = { stable: good, candidate: { success: 0.6, dlq: 0.06 } };
  const bad = await storeRollout(state, { ...of, candidate: worse }, { ...ago(600), chances: worseArm, looksMax: 300 });
  const fair = await storeRollout(
    state,
    { ...of, candidate: equal },
    { ...ago(30), chances: { stable: good, candidate: good }, looksMax: 3 },
  );
  return { bad: bad.id, fair: fair.id };
}

beforeAll(async () => {
  [browser, app] = await Promise.all([launchBrowser(), startTestConsole()]);
  const text = (role: string, content: string) => [{ role, parts: [{ type: "text" as const, content }] }];
  await storeSpans(
    app.clickhouse,
    TALKS.map((trace, index) => ({
      ...aSpan({ trace, kind: "llm", atMs: Date.now() - Number(NOON / 1_000_000n) - MINUTE_MS * (index + 1) }),
      ...{ inputMessages: text("user", "May I bring my dog?"), outputMessages: text("assistant", "Small dogs fly in the cabin.") },
    })),
  );
  work = await storeWork(app, "default");
  scoring = await storeScoring(app, TALKS.map(traceIdOf));
  rollouts = await storeRollouts(app);
});

afterAll(async () => {
  await browser?.close();
  await app?.[Symbol.asyncDispose]();
});

/** Every screen of what is worked on beside traces, in its states. */
const screensOf = ({ taskId, replays: [a = "", b = ""], waiting, batch, runs, letter, fingerprint }: Work): readonly Screen[] => [
  { name: "datasets", path: "/datasets", wait: "[role=gridcell] a" },
  { name: "dataset", path: "/datasets/trips", wait: "text=I want a window seat" },
  { name: "new item", path: "/datasets/trips", wait: "text=I want a window seat", press: "i" },
  { name: "items of nothing", path: "/datasets/trips?q=none", wait: "text=No item of this version" },
  { name: "two versions", path: "/datasets/trips/diff?before=1", wait: "del" },
  { name: "dataset item", path: "/datasets/trips/items/rome", wait: "text=Oslo" },
  { name: "item not there", path: "/datasets/trips/items/none", wait: "text=All datasets" },
  { name: "dataset not there", path: "/datasets/nowhere", wait: "text=has no dataset" },
  { name: "eval runs", path: "/evals", wait: "[role=gridcell] a" },
  { name: "eval run", path: `/evals/${runs[1]}`, wait: "text=order-0" },
  { name: "try", path: `/evals/${runs[1]}`, wait: "text=order-0", press: ["j", "Enter"] },
  { name: "comparison", path: `/evals/compare?runs=${runs.join()}`, wait: "text=order-0" },
  { name: "compared item", path: `/evals/compare?runs=${runs.join()}&change=regressed`, wait: "text=order-0", press: ["j", "Enter"] },
  { name: "comparison of nothing", path: "/evals/compare", wait: "text=Two runs are needed" },
  { name: "eval run not there", path: `/evals/${NOBODY}`, wait: "text=All eval runs" },
  { name: "scoring", path: "/scoring", wait: "text=uncalibrated" },
  { name: "scoring of nothing", path: "/scoring?project=shop", wait: "text=No score rule yet" },
  { name: "annotation queues", path: "/annotations", wait: "[role=gridcell] a" },
  { name: "annotation queue", path: `/annotations/${scoring.queue}`, wait: "text=Small dogs fly" },
  { name: "disagreements", path: `/annotations/${scoring.queue}?view=disagreements`, wait: "text=curt" },
  { name: "empty queue", path: `/annotations/${scoring.unbegun}`, wait: "text=No trace is in this queue yet" },
  { name: "queue not there", path: `/annotations/${NOBODY}`, wait: "text=All annotation queues" },
  { name: "calibration", path: "/calibration", wait: "text=Decision points" },
  { name: "calibration as tables", path: "/calibration?view=tables", wait: "text=Decision points" },
  { name: "rollouts", path: "/rollouts", wait: "[role=gridcell] a" },
  { name: "no rollouts", path: "/rollouts?phase=paused", wait: "text=No rollout in this phase" },
  { name: "rollout, rolled back", path: `/rollouts/${rollouts.bad}`, wait: "text=task_success got worse" },
  { name: "rollout under way", path: `/rollouts/${rollouts.fair}`, wait: "role=button[name='Pause']" },
  { name: "rollout not there", path: `/rollouts/${NOBODY}`, wait: "text=All rollouts" },
  { name: "gate policy", path: "/rollouts/policy", wait: "text=A valid policy" },
  { name: "rejected telemetry", path: "/dead-letters?kind=ingest", wait: "text=The span has no trace id" },
  { name: "group of rejected telemetry", path: `/dead-letters/groups/${fingerprint}`, wait: "[role=gridcell] a" },
  { name: "letter of rejected telemetry", path: `/dead-letters/letters/${letter}`, wait: "text=Where it is" },
  { name: "redrive rules", path: "/dead-letters/rules", wait: "role=table[name='Redrive rules']" },
  { name: "new redrive rule", path: "/dead-letters/rules", wait: "role=table[name='Redrive rules']", press: "n" },
  { name: "no redrive rule", path: "/dead-letters/rules?project=shop", wait: "text=No redrive rule yet" },
  { name: "replay of a group", path: `/dead-letters/groups/${fingerprint}`, wait: "[role=gridcell] a", press: "y" },
  { name: "replays together", path: `/replays/batches/${batch}`, wait: "[role=gridcell] a" },
  { name: "replays together not there", path: `/replays/batches/${NOBODY}`, wait: "text=These replays are not here" },
  { name: "redrives", path: "/dead-letters/redrives", wait: "text=Acts on record" },
  { name: "time travel", path: `/tasks/${taskId}?step=6`, wait: "text=Answered" },
  { name: "replay", path: `/replays/${a}`, wait: "text=At step 6, step.output" },
  { name: "replay that waits", path: `/replays/${waiting}`, wait: "text=model-c" },
  { name: "two replays", path: `/replays/compare?a=${a}&b=${b}`, wait: "text=They part at step 6" },
];

test("no screen of work, evals and rollouts has accessibility violations, light or dark", async () => {
  await using opened = await openPage(browser, app);
  expect(await judgeScreens(opened, screensOf(work))).toEqual({});
  expect(opened.scriptErrors).toEqual([]);
});
