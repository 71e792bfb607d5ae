import { aDeadLetter, storeDeadLetters, storeTask } from "@signalbox/db/testing";
import { newId } from "@signalbox/model";
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

test("an operator goes through a task's life by key, and sees at each moment what was so and what changed", async () => {
  await using opened = await openPage(browser, app);
  const { page, open } = opened;
  const { keyboard } = page;
  await open(`/dead-letters/letters/${letter.id}`);
  await page.getByRole("link", { name: "Time travel", exact: true }).click();
  await page.getByRole("heading", { level: 2, name: "Finished" }).waitFor();
  await page.getByText("Chain verified").waitFor();
  expect(await page.getByRole("log").textContent()).toContain("I do flights alone.");

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
  expect(await page.getByRole("slider").getAttribute("aria-valuetext")).toBe("6 of 13: Called search_flights");
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
