import { createEvalRun, endEvalRun, openTryStore } from "@signalbox/db/evalRuns";
import { aSpan, storeSpans } from "@signalbox/db/testing";
import { type EvalResult, EvalRunPlan, traceIdOf } from "@signalbox/model";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { barriers } from "../../testing/barriers.ts";
import { launchBrowser } from "../../testing/browser.ts";
import { openPage } from "../../testing/consolePage.ts";
import { eventually } from "../../testing/eventually.ts";
import { startTestConsole, type TestConsole } from "../../testing/testConsole.ts";

const ITEMS = 2_000;
const NOW = new Date("2026-11-27T04:00:00.000Z");

let app: TestConsole;
let browser: Browser;
const ids: string[] = [];

/** Every 40th item is lost by the candidate, every 100th won. */
function aResult(position: number, isCandidate: boolean): EvalResult {
  const passed = isCandidate ? position % 40 !== 7 : position % 100 !== 11;
  const output = `The refund of order ${position} is ${passed ? "on its way" : "not possible"}.`;
  return {
    ...{
      position,
      itemId: `order-${position}`,
      trial: 0,
      unit: `order-${position}`,
      state: "answered",
      input: `Where is my refund of order ${position}?`,
    },
    ...{ expected: "on its way", output, error: null, latencyMs: 120, costUsd: null, tokens: null },
    traceId: position === 7 && isCandidate ? traceIdOf("talk") : null,
    scores: [
      { name: "contains", value: passed ? 1 : 0, passed, explanation: passed ? "" : "not in the answer: on its way" },
      { name: "token_f1", value: passed ? 0.5 : 0.25, passed: null, explanation: "" },
    ],
  };
}

async function storeRun(name: string, isCandidate: boolean): Promise<string> {
  const plan = EvalRunPlan.parse({
    ...{
      project: "default",
      name,
      dataset: "refunds@3",
      datasetHash: "a".repeat(64),
      items: ITEMS,
      target: "agent",
      trials: 1,
      unitKey: null,
    },
    ...{ scorers: [{ name: "contains" }, { name: "token_f1" }], concurrency: 8, ratePerSecond: null, timeoutMs: 60_000 },
  });
  const run = await createEvalRun(app.state, plan, { actor: "ann", now: NOW });
  const store = openTryStore(app.state, app.clickhouse, run, () => NOW);
  const results = Array.from({ length: ITEMS }, (_, position) => aResult(position, isCandidate));
  await Promise.all(results.map(store.claim));
  await Promise.all(results.map(store.finish));
  await endEvalRun(app.state, run.id, NOW);
  return run.id;
}

beforeAll(async () => {
  browser = await launchBrowser();
  app = await startTestConsole();
  await storeSpans(app.clickhouse, [aSpan({ trace: "talk" })]);
  for (const [name, isCandidate] of [
    ["before", false],
    ["after", true],
  ] as const)
    ids.push(await storeRun(name, isCandidate));
});

afterAll(async () => {
  await browser?.close();
  await app?.[Symbol.asyncDispose]();
});

const focusedText = (page: Page) => page.evaluate(() => document.activeElement?.textContent ?? "");

test("two runs of 2,000 items: regressions alone, one of them word by word, and its trace, by keyboard alone", async () => {
  await using opened = await openPage(browser, app);
  const { page, open } = opened;
  const { keyboard } = page;
  await open(`/evals/compare?runs=${ids.join(",")}`);
  const grid = page.getByRole("grid", { name: "Items side by side" });
  await grid.getByText("order-7", { exact: true }).waitFor();
  await page.getByRole("table", { name: "What can be said" }).getByText("regressed", { exact: true }).first().waitFor();
  await page.getByRole("status").getByText("2,000 of 2,000").waitFor();
  await grid.focus();
  await keyboard.press("End");
  await eventually(() => grid.getAttribute("aria-rowcount")).toBe("401");
  await keyboard.press("Home");

  await keyboard.press("m");
  await page.getByRole("status").getByText("50 of 2,000").waitFor();
  const found = await barriers(page);
  await keyboard.press("Enter");
  const dialog = page.getByRole("dialog", { name: "Item order-7" });
  await dialog.locator("ins").getByText("possible", { exact: true }).waitFor();
  await dialog.locator("del").getByText("its way", { exact: true }).waitFor();
  found.push(...(await barriers(page)));
  await eventually(async () => {
    await keyboard.press("Tab");
    return focusedText(page);
  }).toBe("Trace of after");
  await keyboard.press("Enter");
  await page.waitForURL(new RegExp(`/traces/${traceIdOf("talk")}`));
  expect(found).toEqual([]);
  expect(opened.scriptErrors).toEqual([]);
});

test("a run's page says what its scorers say, and shows what did not pass first", async () => {
  await using opened = await openPage(browser, app, "dark");
  const { page, open } = opened;
  await open("/evals");
  await page.getByRole("grid", { name: "Eval runs" }).getByRole("link", { name: "after" }).waitFor();
  const found = await barriers(page);
  await open(`/evals/${ids[1]}`);
  await page.getByRole("table", { name: "Scorers" }).getByText("1,950 of 2,000").waitFor();
  await page.getByRole("grid", { name: "Tries of this run" }).getByText("order-7", { exact: true }).waitFor();
  found.push(...(await barriers(page)));
  await page.keyboard.press("j");
  await page.keyboard.press("Enter");
  await page.getByRole("dialog", { name: "Item order-7" }).getByText("not in the answer: on its way").waitFor();
  found.push(...(await barriers(page)));
  expect(found).toEqual([]);
  expect(opened.scriptErrors).toEqual([]);
});
