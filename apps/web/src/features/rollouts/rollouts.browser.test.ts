import { createProject } from "@signalbox/db/prisma";
import type { Rollout } from "@signalbox/model";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { barriers } from "../../testing/barriers.ts";
import { launchBrowser } from "../../testing/browser.ts";
import { openPage } from "../../testing/consolePage.ts";
import { eventually } from "../../testing/eventually.ts";
import { storeLooks, storeRollout, storeVersion, supportGate } from "../../testing/storeRollout.ts";
import { startTestConsole, type TestConsole } from "../../testing/testConsole.ts";

const MINUTE_MS = 60_000;
const EQUAL = { success: 0.85, dlq: 0.01 };
const WORSE = { success: 0.6, dlq: 0.06 };

let app: TestConsole;
let browser: Browser;
let bad: Rollout;
let fair: Rollout;

beforeAll(async () => {
  [browser, app] = await Promise.all([launchBrowser(), startTestConsole()]);
  const policy = supportGate();
  const [stable, worse, equal] = [
    await storeVersion(app.state, "1.4.0", "large"),
    await storeVersion(app.state, "1.5.0", "small"),
    await storeVersion(app.state, "1.6.0", "larger"),
  ];
  const ago = (minutes: number): Date => new Date(Date.now() - minutes * MINUTE_MS);
  const of = { project: "default", policy, stable };
  const traffic = { unitsPerLook: 40, seed: 1 };
  bad = await storeRollout(
    app.state,
    { ...of, candidate: worse },
    { ...traffic, from: ago(600), chances: { stable: EQUAL, candidate: WORSE }, looksMax: 300 },
  );
  fair = await storeRollout(
    app.state,
    { ...of, candidate: equal },
    { ...traffic, from: ago(30), chances: { stable: EQUAL, candidate: EQUAL }, looksMax: 8 },
  );
});

afterAll(async () => {
  await browser?.close();
  await app?.[Symbol.asyncDispose]();
});

const sentence = (page: Page) => page.getByRole("status", { name: "What is so" });

test("somebody sees that a rollout was rolled back, and reads why", async () => {
  await using opened = await openPage(browser, app, "dark");
  const { page, open } = opened;
  await open("/rollouts");
  const rows = page.getByRole("grid", { name: "Rollouts" }).getByRole("row");
  await rows.filter({ hasText: "Running" }).waitFor();
  await eventually(() => rows.nth(1).textContent()).toContain("Running");
  const found = await barriers(page);

  await page.keyboard.press("j");
  await page.keyboard.press("j");
  await page.keyboard.press("Enter");
  await page.waitForURL(new RegExp(`/rollouts/${bad.id}`));
  await sentence(page).getByText("task_success got worse").waitFor();
  await page.getByRole("table", { name: "What the gate knows" }).getByRole("row").filter({ hasText: "worse" }).first().waitFor();
  await page.getByRole("table", { name: "What changed" }).getByText("small", { exact: true }).waitFor();
  await page.getByRole("region", { name: "What was decided" }).getByText("Rolled back").waitFor();
  await page.getByRole("slider", { name: "Evidence that the candidate is worse" }).waitFor();
  found.push(...(await barriers(page)));
  await page.getByRole("button", { name: "Show as table" }).click();
  await page.getByRole("table", { name: "Evidence by look: worse / safe" }).waitFor();
  expect(found).toEqual([]);
  expect(opened.scriptErrors).toEqual([]);
});

test("somebody who has a rollout open sees it being rolled back", async () => {
  await createProject(app.state, { name: "watched", organisation: "acme", environments: ["production"] }, new Date());
  const traffic = { from: new Date(Date.now() - 600 * MINUTE_MS), chances: { stable: EQUAL, candidate: WORSE }, unitsPerLook: 40 };
  const of = { project: "watched", policy: supportGate(), stable: bad.stable, candidate: bad.candidate };
  const { id } = await storeRollout(app.state, of, { ...traffic, seed: 2, looksMax: 3 });
  await using opened = await openPage(browser, app, "dark");
  const { page, open } = opened;
  await open(`/rollouts/${id}`);
  await sentence(page).getByText("Step 1 needs").waitFor();
  const decided = page.getByRole("region", { name: "What was decided" });
  await eventually(() => decided.getByText("Rolled back").count()).toBe(0);
  await storeLooks(app.state, id, { ...traffic, seed: 3, looksMax: 300 });
  await sentence(page).getByText("task_success got worse").waitFor();
  await decided.getByText("Rolled back").waitFor();
  await page.getByRole("table", { name: "What the gate knows" }).getByRole("row").filter({ hasText: "worse" }).first().waitFor();
  await eventually(() => page.getByRole("button", { name: "Pause" }).count()).toBe(0);
  expect(opened.scriptErrors).toEqual([]);
});

test("a rollout is paused by keyboard alone, with a reason that stays on record", async () => {
  await using opened = await openPage(browser, app);
  const { page, open } = opened;
  const { keyboard } = page;
  await open(`/rollouts/${fair.id}`);
  await page.getByRole("button", { name: "Pause" }).waitFor();
  const found = await barriers(page);
  await keyboard.press(".");
  await keyboard.press("h");
  await page.getByRole("dialog", { name: "Pause this rollout" }).waitFor();
  found.push(...(await barriers(page)));
  await keyboard.type("The provider has an outage");
  await keyboard.press("Enter");
  await sentence(page).getByText("The provider has an outage").waitFor();
  await page.getByRole("button", { name: "Resume" }).waitFor();
  await page.getByRole("region", { name: "What was decided" }).getByText("The provider has an outage").waitFor();
  expect(found).toEqual([]);
  expect(opened.scriptErrors).toEqual([]);
});

test("a policy's mistakes are shown by line, and its findings are simulated", async () => {
  await using opened = await openPage(browser, app, "dark");
  const { page, open } = opened;
  await open("/rollouts/policy");
  const editor = page.getByRole("textbox", { name: "Policy in YAML" });
  await page.getByText("A valid policy: support-agent").waitFor();
  const policy = await editor.inputValue();
  await editor.fill(policy.replace("kind: binary", "kind: binray"));
  await page.getByText("One thing is wrong.").waitFor();
  await page.getByRole("button", { name: /^Line 15/ }).click();
  expect(await editor.evaluate((area: HTMLTextAreaElement) => area.value.slice(area.selectionStart, area.selectionEnd))).toContain(
    "binray",
  );
  const found = await barriers(page);
  await editor.fill(policy);
  await page.getByRole("button", { name: "Simulate" }).click();
  await page.getByRole("status").getByText("task_success at 0.75 instead of 0.8 is found").waitFor();
  await page.getByRole("table", { name: "How rollouts ended" }).waitFor();
  found.push(...(await barriers(page)));
  expect(found).toEqual([]);
  expect(opened.scriptErrors).toEqual([]);
});
