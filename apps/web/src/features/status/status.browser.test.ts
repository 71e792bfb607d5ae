import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchBrowser } from "../../testing/browser.ts";
import { openPage } from "../../testing/consolePage.ts";
import { eventually } from "../../testing/eventually.ts";
import { startTestConsole, type TestConsole } from "../../testing/testConsole.ts";

let app: TestConsole;
let browser: Browser;

beforeAll(async () => {
  browser = await launchBrowser();
  app = await startTestConsole();
});

afterAll(async () => {
  await browser?.close();
  await app?.[Symbol.asyncDispose]();
});

test("every part is listed with its state, and no password", async () => {
  await using opened = await openPage(browser, app);
  const { page, open } = opened;
  await open("/status");
  const parts = page
    .locator("section")
    .filter({ has: page.getByRole("heading", { name: "Parts" }) })
    .last();
  const names = parts.getByRole("listitem").locator("span:first-child");
  await eventually(async () => (await names.allTextContents()).toSorted()).toEqual([
    ...["collector", "console", "controller", "gateway", "state store", "telemetry store", "worker"],
  ]);
  for (const name of ["console", "state store", "telemetry store"])
    await parts.getByRole("listitem").filter({ hasText: name }).getByText("Ready", { exact: true }).waitFor();
  await parts.getByRole("listitem").filter({ hasText: "collector" }).getByText("Does not answer").waitFor();
  expect(await parts.textContent()).not.toMatch(/signalbox:|@/);
});
