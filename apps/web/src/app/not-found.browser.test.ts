import { freePortOffset } from "@signalbox/db/embedded";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchBrowser } from "../testing/browser.ts";
import { openPage } from "../testing/consolePage.ts";
import { type ConsoleProcess, NO_STORES, startConsole } from "../testing/consoleProcess.ts";

let app: ConsoleProcess;
let browser: Browser;

beforeAll(async () => {
  browser = await launchBrowser();
  app = await startConsole({ ...NO_STORES, portOffset: await freePortOffset() });
});
afterAll(async () => {
  await browser?.close();
  await app?.[Symbol.asyncDispose]();
});

test.each(["/sessions/%E0%A4%A", "/users/%zz", "/nowhere", "/o/t/datasets/d/compare?selectedSessions=x"])(
  "%s has no page, and that says the way back",
  async (path) => {
    await using opened = await openPage(browser, app);
    const { page, open } = opened;
    await open(path);
    await page.getByText("There is no page here").waitFor();
    await page.getByRole("link", { name: "Go to traces" }).click();
    await page.waitForURL(/\/traces$/);
    expect(opened.scriptErrors).toEqual([]);
  },
);

test("the results link of LangSmith's client leads to the eval run", async () => {
  await using opened = await openPage(browser, app);
  const { page, open } = opened;
  const [one, other] = ["0199c0de-0000-7000-8000-000000000001", "0199c0de-0000-7000-8000-000000000002"];
  await open(`/o/t/datasets/d/compare?selectedSessions=${one}`);
  await page.waitForURL(new RegExp(`/evals/${one}`));
  await open(`/o/t/datasets/d/compare?selectedSessions=${one},${other}`);
  await page.waitForURL(new RegExp(`/evals/compare\\?runs=${one},${other}`));
});
