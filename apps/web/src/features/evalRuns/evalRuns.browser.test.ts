import { createEvalRun, endEvalRun, openTryStore } from "@signalbox/db/evalRuns";
import { aSpan, NOON, storeLogs, storeSpans } from "@signalbox/db/testing";
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
let classesId: string;

/** A result; the candidate loses every 40th item and wins every 100th. */
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

/** Ten items of each class. Three of `card_lost` are called stolen, and one of `card_stolen` gets an unknown class. */
function aNaming(position: number): EvalResult {
  const expected = ["card_lost", "card_stolen", "refund"][position % 3] ?? "";
  const wrong: Record<number, string> = { 0: "card_stolen", 3: "card_stolen", 6: "card_stolen", 1: "no idea" };
  const output = wrong[position] ?? expected;
  const passed = output === expected;
  return {
    ...{ position, itemId: `text-${position}`, trial: 0, unit: `text-${position}`, state: "answered", input: `Text ${position}` },
    ...{ expected, output, error: null, latencyMs: 1, costUsd: null, tokens: null, traceId: null },
    scores: [{ name: "classification", value: passed ? 1 : 0, passed, explanation: "" }],
  };
}

async function storeRun(name: string, scorers: readonly string[], results: readonly EvalResult[]): Promise<string> {
  const plan = EvalRunPlan.parse({
    ...{
      project: "default",
      name,
      dataset: "refunds@3",
      datasetHash: "a".repeat(64),
      items: results.length,
      target: "agent",
      trials: 1,
      unitKey: null,
    },
    ...{ scorers: scorers.map((scorer) => ({ name: scorer })), concurrency: 8, ratePerSecond: null, timeoutMs: 60_000 },
  });
  const run = await createEvalRun(app.state, plan, { actor: "ann", now: NOW });
  const store = openTryStore(app.state, app.clickhouse, run, () => NOW);
  await Promise.all(results.map(store.claim));
  await Promise.all(results.map(store.finish));
  await endEvalRun(app.state, run.id, NOW);
  return run.id;
}

beforeAll(async () => {
  browser = await launchBrowser();
  app = await startTestConsole();
  await storeSpans(app.clickhouse, [aSpan({ trace: "talk" })]);
  const said = { name: "tone", "score.label": "formal", explanation: "as a letter" };
  await storeLogs(app.clickhouse, [
    {
      ...{ project: "default", timeUnixNano: String(NOON), traceId: traceIdOf("talk"), spanId: "", service: "app", severity: "", body: "" },
      eventName: "gen_ai.evaluation.result",
      attributes: Object.fromEntries(Object.entries(said).map(([key, text]) => [`gen_ai.evaluation.${key}`, text])),
    },
  ]);
  for (const [name, isCandidate] of [
    ["before", false],
    ["after", true],
  ] as const)
    ids.push(
      await storeRun(
        name,
        ["contains", "token_f1"],
        Array.from({ length: ITEMS }, (_, position) => aResult(position, isCandidate)),
      ),
    );
  classesId = await storeRun(
    "intents",
    ["classification"],
    Array.from({ length: 30 }, (_, position) => aNaming(position)),
  );
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
  await grid.getByText("Where is my refund of order 7?", { exact: true }).waitFor();
  await eventually(() => grid.getByRole("link", { name: "now: trace of order-7 in after" }).getAttribute("href")).toContain(
    traceIdOf("talk"),
  );
  await page.getByRole("table", { name: "What can be said" }).getByText("Regressed", { exact: true }).first().waitFor();
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

test("a margin that is set is in the address, and the shared link says the same; one that cannot be read is told", async () => {
  await using opened = await openPage(browser, app);
  const { page, open } = opened;
  await open(`/evals/compare?runs=${ids.join(",")}`);
  const verdicts = page.getByRole("table", { name: "What can be said" });
  const ofF1 = verdicts.getByRole("row").filter({ hasText: "token_f1" });
  const wordOfF1 = ofF1.getByText(/^(Regressed|Equivalent within margin|Not enough evidence)$/);
  await wordOfF1.waitFor();
  await eventually(() => ofF1.getByText("none", { exact: true }).count()).toBe(1);
  await page.getByRole("button", { name: "Margins" }).click();
  const form = page.getByRole("dialog", { name: "Margins" });
  await form.getByLabel("token_f1").fill("a little");
  await form.getByText("A margin is a number from 0 up.").waitFor();
  const found = await barriers(page);
  await form.getByLabel("token_f1").fill("0.1");
  await page.keyboard.press("Enter");
  await ofF1.getByText("ruled out", { exact: true }).waitFor();
  await eventually(() => new URL(page.url()).searchParams.get("margins")).toBe("token_f1:0.1");
  const row = await ofF1.textContent();

  await using shared = await openPage(browser, app, "dark");
  await shared.open(`${new URL(page.url()).pathname}${new URL(page.url()).search}`);
  const there = shared.page.getByRole("table", { name: "What can be said" }).getByRole("row").filter({ hasText: "token_f1" });
  await there.getByText("ruled out", { exact: true }).waitFor();
  await eventually(() => there.textContent()).toBe(row);
  found.push(...(await barriers(shared.page)));

  await open(`/evals/compare?runs=${ids.join(",")}&margins=token_f1:little`);
  await page.getByRole("heading", { name: "The margins in this address cannot be read" }).waitFor();
  await page.getByRole("button", { name: "Usual margins" }).click();
  await wordOfF1.waitFor();
  expect(found).toEqual([]);
  expect([...opened.scriptErrors, ...shared.scriptErrors]).toEqual([]);
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
  const labels = page.getByRole("dialog").getByRole("list", { name: "Labels" });
  await labels.getByText("tone formal").waitFor();
  await labels.getByText("as a letter").waitFor();
  found.push(...(await barriers(page)));
  await open(`/traces/${traceIdOf("talk")}`);
  await page.getByTitle("tone: formal by app").getByText("formal", { exact: true }).waitFor();
  expect(found).toEqual([]);
  expect(opened.scriptErrors).toEqual([]);
});

test.each(["light", "dark"] as const)(
  "which class was taken for which is a matrix, and a list with the weakest class first, in %s",
  async (theme) => {
    await using opened = await openPage(browser, app, theme);
    const { page, open } = opened;
    await open(`/evals/${classesId}`);
    await page.getByRole("tab", { name: "Classes" }).click();
    const panel = page.getByRole("region", { name: "Classes by classification" });
    const matrix = panel.getByRole("table", { name: "Confusion matrix" });
    const counts = async (label: string) =>
      (
        await matrix
          .getByRole("row", { name: new RegExp(`^${label}`) })
          .getByRole("cell")
          .allTextContents()
      ).join();
    await eventually(() => counts("card_lost")).toMatch(/7/);
    await eventually(() => matrix.getByTitle("card_lost called card_stolen: 3", { exact: true }).textContent()).toBe("3");
    await eventually(() => matrix.getByTitle("card_stolen called (no such class): 1", { exact: true }).textContent()).toBe("1");
    await eventually(() => matrix.getByTitle("refund called refund: 10", { exact: true }).textContent()).toBe("10");
    const rows = panel.getByRole("table", { name: "Classes", exact: true }).getByRole("row");
    await eventually(() => rows.allTextContents()).toEqual([
      "ClassExpectedGivenPrecisionRecallF1",
      "(no such class)010.000–0.000",
      "card_stolen10120.7500.9000.818",
      "card_lost1071.0000.7000.824",
      "refund10101.0001.0001.000",
    ]);
    const found = await barriers(page);
    await panel.getByRole("button", { name: "As a list" }).click();
    const taken = panel.getByRole("table", { name: "What was taken for what" }).getByRole("row");
    await eventually(() => taken.allTextContents()).toEqual([
      "TriesExpectedTaken for",
      "3card_lostcard_stolen",
      "1card_stolen(no such class)",
    ]);
    found.push(...(await barriers(page)));
    expect(found).toEqual([]);
    expect(opened.scriptErrors).toEqual([]);
  },
);
