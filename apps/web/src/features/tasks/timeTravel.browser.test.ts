import { aDeadLetter, aReport, storeDeadLetters, storeTask } from "@signalbox/db/testing";
import { newId, type Step } from "@signalbox/model";
import { aTaskLife } from "@signalbox/model/testing";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { barriers } from "../../testing/barriers.ts";
import { launchBrowser } from "../../testing/browser.ts";
import { openPage } from "../../testing/consolePage.ts";
import { eventually } from "../../testing/eventually.ts";
import { startTestConsole, type TestConsole } from "../../testing/testConsole.ts";

let app: TestConsole;
let browser: Browser;

const life = aTaskLife();
const [payload] = life.requests;
const letter = aDeadLetter({ taskId: life.id, message: "It took too long.", ...(payload === undefined ? {} : { payload }) });

beforeAll(async () => {
  browser = await launchBrowser();
  app = await startTestConsole();
  await storeTask(app.state, life, "done");
  await storeDeadLetters(app.state, [letter]);
});

afterAll(async () => {
  await browser?.close();
  await app?.[Symbol.asyncDispose]();
});

const changedOn = (page: Page) => page.locator("[data-changed=true]").allInnerTexts();

test("an operator goes through a task's life by key, and sees the state and the changes at each moment", async () => {
  await using opened = await openPage(browser, app);
  const { page, open } = opened;
  const { keyboard } = page;
  await open(`/dead-letters/letters/${letter.id}`);
  await page.getByRole("link", { name: "Time travel", exact: true }).click();
  await page.getByRole("heading", { level: 2, name: "Finished" }).waitFor();
  await page.getByText("Chain verified").waitFor();
  await eventually(() => page.getByRole("log").textContent()).toContain("I do flights alone.");

  await keyboard.press("Home");
  await page.getByRole("heading", { level: 2, name: "Routed to rules" }).waitFor();
  await eventually(() => page.url()).toContain("step=d0");
  await keyboard.press("ArrowRight");
  await page.getByRole("heading", { level: 2, name: "Understood book" }).waitFor();
  expect((await changedOn(page)).join("\n")).toMatch(/Status\s+running\s+was in line/);
  for (const title of ["Recalled 1 turns", "Failed: timed_out", "Will be tried again: attempt 2", "Called search_flights"]) {
    await keyboard.press("ArrowRight");
    await page.getByRole("heading", { level: 2, name: title }).waitFor();
  }
  await eventually(() => page.getByRole("slider").getAttribute("aria-valuetext")).toBe("6 of 13: Called search_flights");
  expect((await changedOn(page)).join("\n")).toContain('"to": "SEA"');
  expect(await page.getByRole("log").textContent()).not.toContain("search_flights result");
  await page.getByText(life.decisions[6]?.hash ?? "").waitFor();
  expect(await barriers(page)).toEqual([]);

  await page.getByRole("slider").focus();
  await keyboard.press("ArrowRight");
  await page.getByText("search_flights result").waitFor();
  await page.reload();
  await page.getByRole("heading", { level: 2, name: "The tool answered" }).waitFor();
  await open(`/tasks/${life.id}?step=d8`);
  await page.getByText("The request was edited here").waitFor();

  await open(`/tasks/${newId()}`);
  await page.getByRole("heading", { name: "This task is not here" }).waitFor();
  expect(opened.scriptErrors).toEqual([]);
});

const MODELS = ["model-a", "model-b"] as const;

/** The result of a replay whose last answer differs from the record. */
function doneSaying(content: string) {
  const replayed = life.steps.map(
    (step): Step =>
      step.step === 6 ? { ...step, stage: { kind: "move", input: {}, output: { kind: "reply", content, reason: "r" } } } : step,
  );
  const report = aReport(life.id, { recorded: life.steps, replayed, partsAt: 6 });
  const came = { outcome: "diverged", outcomeChanged: true, divergence: report.divergence as object, report: report as object };
  return { ...came, status: "done", startedAt: new Date(), endedAt: new Date() };
}

test("a task is forked from a moment by key, the replay shows where it parts, and two stand side by side", async () => {
  await using opened = await openPage(browser, app);
  const { page, open } = opened;
  const { keyboard } = page;
  await open(`/tasks/${life.id}?step=6`);
  await page.getByRole("heading", { level: 2, name: "Answered" }).waitFor();
  await keyboard.press("y");
  const form = page.getByRole("dialog");
  await eventually(() => form.getByLabel("From step").inputValue()).toBe("6");
  await form.getByLabel("From step").fill("70");
  await eventually(() => form.getByRole("button", { name: "Replay it" }).isDisabled()).toBe(true);
  await form.getByLabel("From step").fill("6");
  await form.getByLabel("Model").fill(MODELS[0]);
  await keyboard.press("Enter");
  await page.getByText("It waits for a worker").waitFor();
  const asked = await app.state.replayRow.findFirstOrThrow({ where: { taskId: life.id } });
  expect(asked.plan).toMatchObject({ mode: "live", from: 6, model: MODELS[0] });

  const { id, project, taskId, actor, createdAt } = asked;
  await app.state.replayRow.update({ where: { id }, data: doneSaying("Trains are slow.") });
  const plan = { ...(asked.plan as object), model: MODELS[1] };
  await app.state.replayRow.create({ data: { id: newId(), project, taskId, actor, createdAt, plan, ...doneSaying("Take a bus.") } });
  await page.getByText("At step 6, step.output").waitFor();
  const differing = page.locator("li[data-different=true]");
  await differing.getByText("Trains are slow.").waitFor();
  await eventually(() => differing.count()).toBe(1);
  expect(await barriers(page)).toEqual([]);

  await page.reload();
  for (const model of MODELS) await page.getByRole("checkbox", { name: `Compare the replay live from step 6, model ${model}` }).check();
  await page.getByRole("link", { name: "Side by side" }).click();
  await page.getByText("They part at step 6, and differ in 1 step.").waitFor();
  const sides = page.getByRole("region", { name: "Steps side by side" });
  await eventually(() => sides.textContent()).toMatch(/I do flights alone\..*Trains are slow\..*Take a bus\./);
  expect(await barriers(page)).toEqual([]);
  await keyboard.press("Escape");
  await page.getByRole("heading", { level: 2, name: "Finished" }).waitFor();
  expect(opened.scriptErrors).toEqual([]);
});
