import { createProject } from "@signalbox/db/prisma";
import { NewProject, type Rollout } from "@signalbox/model";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchBrowser } from "../testing/browser.ts";
import { openPage } from "../testing/consolePage.ts";
import { judgeScreens, type Screen } from "../testing/judgeScreens.ts";
import { storeJudging } from "../testing/storeJudging.ts";
import { storeRollout, storeVersion, supportGate } from "../testing/storeRollout.ts";
import { storeWork, type Work } from "../testing/storeWork.ts";
import { startTestConsole, type TestConsole } from "../testing/testConsole.ts";

const NOBODY = "00000000-0000-4000-8000-000000000000";
const EQUAL = { success: 0.85, dlq: 0.01 };
const WORSE = { success: 0.6, dlq: 0.06 };

let app: TestConsole;
let browser: Browser;
let work: Work;
let judging: Awaited<ReturnType<typeof storeJudging>>;
let rollouts: { bad: Rollout; fair: Rollout };

/** One rollout that its gate rolled back, and one that goes on. */
async function storeRollouts({ state }: TestConsole): Promise<{ bad: Rollout; fair: Rollout }> {
  const of = { project: "default", policy: supportGate(), stable: await storeVersion(state, "1.4.0", "large") };
  const [worse, equal] = [await storeVersion(state, "1.5.0", "small"), await storeVersion(state, "1.6.0", "larger")];
  const traffic = { unitsPerLook: 40, seed: 1 };
  const ago = (minutes: number): Date => new Date(Date.now() - minutes * 60_000);
  const badly = { ...traffic, from: ago(600), chances: { stable: EQUAL, candidate: WORSE }, looksMax: 300 };
  const well = { ...traffic, from: ago(30), chances: { stable: EQUAL, candidate: EQUAL }, looksMax: 4 };
  const bad = await storeRollout(state, { ...of, candidate: worse }, badly);
  return { bad, fair: await storeRollout(state, { ...of, candidate: equal }, well) };
}

beforeAll(async () => {
  [browser, app] = await Promise.all([launchBrowser(), startTestConsole()]);
  await createProject(app.state, NewProject.parse({ name: "shop", environments: ["production"] }), new Date());
  work = await storeWork(app, "shop");
  judging = await storeJudging(app);
  rollouts = await storeRollouts(app);
});

afterAll(async () => {
  await browser?.close();
  await app?.[Symbol.asyncDispose]();
});

/** Every screen of tasks, datasets and eval runs, in its states. */
const workScreens = ({ taskId, replays: [a = "", b = ""], waiting, runs, letter, fingerprint }: Work): readonly Screen[] => [
  { name: "replay not there", path: `/replays/${NOBODY}`, wait: "text=This replay is not here" },
  { name: "replays of nothing", path: "/replays/compare", wait: "text=Two replays are needed" },
  { name: "dead letters of telemetry", path: "/dead-letters?kind=ingest", wait: "text=The span has no trace id" },
  { name: "redrives of nothing", path: "/dead-letters/redrives?project=shop", wait: "h1" },
  { name: "paused queue, status", path: "/status?project=shop", wait: "text=The queue of project shop is paused" },
  { name: "paused queue, dead letters", path: "/dead-letters?project=shop", wait: "text=The queue of project shop is paused" },
  { name: "datasets", path: "/datasets", wait: "[role=gridcell] a" },
  { name: "no datasets", path: "/datasets?project=shop", wait: "text=Project shop has no datasets" },
  { name: "dataset", path: "/datasets/trips", wait: "text=I want a window seat" },
  { name: "dataset without such items", path: "/datasets/trips?q=none", wait: "text=No item of this version is as you ask" },
  { name: "dataset not there", path: "/datasets/nowhere", wait: "text=has no dataset" },
  { name: "new item", path: "/datasets/trips", wait: "text=I want a window seat", press: "i" },
  { name: "two versions", path: "/datasets/trips/diff?before=1", wait: "del" },
  { name: "item", path: "/datasets/trips/items/rome", wait: "text=Oslo" },
  { name: "edited item", path: "/datasets/trips/items/rome", wait: "text=Oslo", press: "u" },
  { name: "eval runs", path: "/evals", wait: "[role=gridcell] a" },
  { name: "no eval runs", path: "/evals?project=shop", wait: "text=No eval run yet" },
  { name: "eval run not there", path: `/evals/${NOBODY}`, wait: "text=has no eval run" },
  { name: "eval runs of nothing", path: "/evals/compare", wait: "text=Two runs are needed" },
  { name: "letter of telemetry", path: `/dead-letters/letters/${letter}`, wait: "text=Where it is" },
  { name: "group of telemetry", path: `/dead-letters/groups/${fingerprint}`, wait: "[role=gridcell] a" },
  { name: "moment of a task", path: `/tasks/${taskId}?step=6`, wait: "text=Answered" },
  { name: "replay", path: `/replays/${a}`, wait: "text=At step 6, step.output" },
  { name: "replay that waits", path: `/replays/${waiting}`, wait: "text=It waits for a worker" },
  { name: "replay as an eval case", path: `/replays/${a}`, wait: "text=At step 6, step.output", press: "s" },
  { name: "two replays", path: `/replays/compare?a=${a}&b=${b}`, wait: "text=They part at step 6" },
  { name: "eval run", path: `/evals/${runs[1]}`, wait: "text=order-0" },
  { name: "try", path: `/evals/${runs[1]}`, wait: "text=order-0", press: ["j", "Enter"] },
  { name: "two eval runs", path: `/evals/compare?runs=${runs.join()}`, wait: "text=order-0" },
  { name: "compared item", path: `/evals/compare?runs=${runs.join()}`, wait: "text=order-0", press: ["j", "Enter"] },
];

/** Every screen of scoring, annotation and calibration. */
const judgingScreens = ({ queue, emptyQueue }: typeof judging): readonly Screen[] => [
  { name: "score rules", path: "/scoring", wait: "text=uncalibrated" },
  { name: "no score rules", path: "/scoring?project=shop", wait: "text=No score rule yet" },
  { name: "ledger", path: "/scoring", wait: "text=uncalibrated", reach: openLedger },
  { name: "new score rule", path: "/scoring", wait: "text=uncalibrated", reach: openNewRule },
  { name: "annotation queues", path: "/annotations", wait: "[role=gridcell] a" },
  { name: "no annotation queues", path: "/annotations?project=shop", wait: "text=has no annotation queues" },
  { name: "new queue", path: "/annotations", wait: "[role=gridcell] a", reach: openNewQueue },
  { name: "traces for a queue", path: "/traces", wait: "text=talk first", press: ["j", "x", "a"] },
  { name: "annotation queue", path: `/annotations/${queue}`, wait: "text=I want my money back" },
  { name: "annotation queue without traces", path: `/annotations/${emptyQueue}`, wait: "text=No trace is in this queue yet" },
  { name: "disagreements", path: `/annotations/${queue}?view=disagreements`, wait: "text=curt" },
  { name: "no disagreements", path: `/annotations/${emptyQueue}?view=disagreements`, wait: "text=Nobody disagrees" },
  { name: "annotation queue not there", path: `/annotations/${NOBODY}`, wait: "text=has no annotation queue" },
  { name: "calibration", path: "/calibration", wait: "[aria-label^='Reliability of understood']" },
  { name: "calibration as tables", path: "/calibration?view=tables", wait: "table[aria-label='Reliability of understood']" },
  { name: "calibration of nothing", path: "/calibration?project=shop", wait: "text=No decision of this time" },
];

/** Every screen of rollouts and their policies. */
const rolloutScreens = ({ bad, fair }: typeof rollouts): readonly Screen[] => [
  { name: "rollouts", path: "/rollouts", wait: "[role=gridcell] >> text=Rolled back" },
  { name: "no rollouts", path: "/rollouts?project=shop", wait: "text=No rollout yet" },
  { name: "rollouts of no such phase", path: "/rollouts?phase=aborted", wait: "text=No rollout in this phase" },
  { name: "rollout", path: `/rollouts/${fair.id}`, wait: "[role=slider]" },
  { name: "pause of a rollout", path: `/rollouts/${fair.id}`, wait: "[role=slider]", press: [".", "h"] },
  { name: "end of a rollout", path: `/rollouts/${fair.id}`, wait: "[role=slider]", press: [".", "x"] },
  { name: "rolled back", path: `/rollouts/${bad.id}`, wait: "[role=slider]" },
  { name: "evidence as a table", path: `/rollouts/${bad.id}?view=table`, wait: "table[aria-label^='Evidence by look']" },
  { name: "rollout not there", path: `/rollouts/${NOBODY}`, wait: "[role=alert], [role=status]" },
  { name: "gate policy", path: "/rollouts/policy", wait: "text=A valid policy" },
  { name: "simulated gate policy", path: "/rollouts/policy", wait: "text=A valid policy", reach: simulate },
  { name: "wrong gate policy", path: "/rollouts/policy", wait: "text=A valid policy", reach: breakPolicy },
];

async function openLedger(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Ledger" }).click();
  await page.getByRole("table", { name: "Outcomes" }).getByText("outside its schema").waitFor();
}

async function openNewRule(page: Page): Promise<void> {
  await page.getByRole("button", { name: "New rule" }).click();
  await page.getByLabel("Name", { exact: true }).waitFor();
}

async function openNewQueue(page: Page): Promise<void> {
  await page.getByRole("button", { name: "New queue" }).click();
  await page.getByRole("dialog", { name: "New annotation queue" }).waitFor();
}

async function simulate(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Simulate" }).click();
  await page.getByRole("table", { name: "How rollouts ended" }).waitFor();
}

async function breakPolicy(page: Page): Promise<void> {
  const editor = page.getByRole("textbox", { name: "Policy in YAML" });
  await editor.fill((await editor.inputValue()).replace("kind: binary", "kind: binray"));
  await page.getByText("One thing is wrong.").waitFor();
}

test.for([
  ["tasks, datasets and eval runs", () => workScreens(work)],
  ["scores, annotations and calibration", () => judgingScreens(judging)],
  ["rollouts", () => rolloutScreens(rollouts)],
] as const)("no screen of %s keeps anybody out, light or dark", async ([, screensOf]) => {
  await using opened = await openPage(browser, app);
  expect(await judgeScreens(opened, screensOf())).toEqual({});
  expect(opened.scriptErrors).toEqual([]);
});
