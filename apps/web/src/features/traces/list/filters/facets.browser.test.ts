import { aSpan, NOON, storeScores, storeSpans } from "@signalbox/db/testing";
import { type Score, traceIdOf } from "@signalbox/model";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchBrowser } from "../../../../testing/browser.ts";
import { openPage } from "../../../../testing/consolePage.ts";
import { eventually } from "../../../../testing/eventually.ts";
import { startTestConsole, type TestConsole } from "../../../../testing/testConsole.ts";

let app: TestConsole;
let browser: Browser;

const startMs = Date.now() - Number(NOON / 1_000_000n) - 60_000;
const LONG_MODEL = "some-organisation/a-very-long-model-name-that-does-not-fit-2026-11-01";
const FACETS_SHOWN = "status service model tag user";

/** Thirty traces: two services, three models, every fifth failed, tags on some, a user each. */
function thirtyTraces() {
  return Array.from({ length: 30 }, (_, index) => {
    const given = { trace: `t${index}`, service: index % 3 === 0 ? "worker" : "web" };
    const model = ["gpt-4o", "claude-3-5-haiku", LONG_MODEL][index % 3] ?? null;
    return [
      aSpan({
        ...given,
        name: `trace ${index}`,
        status: index % 5 === 0 ? "error" : "ok",
        atMs: startMs + index,
        tags: index % 2 === 0 ? ["vip", "a,b: c"] : [],
        user: `user-${index}`,
      }),
      aSpan({ ...given, id: "llm", parent: "root", kind: "llm", model, atMs: startMs + index }),
    ];
  }).flat();
}

beforeAll(async () => {
  browser = await launchBrowser();
  app = await startTestConsole();
  await storeSpans(app.clickhouse, thirtyTraces());
  const time = new Date(startMs + Number(NOON / 1_000_000n)).toISOString();
  const aScore = { project: "default", spanId: null, name: "reward", label: "", explanation: "", scorer: "rule:r@1", time };
  await storeScores(
    app.clickhouse,
    Array.from({ length: 10 }, (_, index): Score => ({ ...aScore, traceId: traceIdOf(`t${index}`), value: index / 10 })),
  );
});

afterAll(async () => {
  await browser?.close();
  await app?.[Symbol.asyncDispose]();
});

async function openList(path: string) {
  const opened = await openPage(browser, app);
  await opened.page.addInitScript((openFacets) => {
    if (localStorage.length === 0) localStorage.setItem("signalbox.preferences", JSON.stringify({ openFacets }));
  }, FACETS_SHOWN);
  await opened.open(path);
  return opened;
}

const value = (page: Page, facet: string, name: RegExp) => page.getByRole("group", { name: facet }).getByRole("checkbox", { name });
const traces = (page: Page, count: number) =>
  page.getByText(new RegExp(`^${count} traces?, all of this time`)).waitFor({ state: "attached" });

test("each value has the count that the list then shows; wanted values of a facet are alternatives", async () => {
  await using opened = await openList("/traces");
  const { page } = opened;
  await traces(page, 30);
  await value(page, "Status", /^error, 6 traces/).click();
  await traces(page, 6);
  // The other facets count among the failed traces, this facet among all.
  await value(page, "Service", /^worker, 2 traces/).waitFor();
  await value(page, "Service", /^web, 4 traces/).click();
  await traces(page, 4);
  await value(page, "Status", /^ok, 16 traces/).click();
  await traces(page, 20);
  await eventually(() => new URL(page.url()).searchParams.getAll("status")).toEqual(["error", "ok"]);
  await value(page, "Service", /^web/).click();
  await traces(page, 30);
  expect(opened.scriptErrors).toEqual([]);
});

test("a value is excluded by its button or by the minus key, and both again bring it back", async () => {
  await using opened = await openList("/traces");
  const { page } = opened;
  await value(page, "Tag", /^a,b: c, 15 traces/).hover();
  await page.getByRole("button", { name: "Exclude a,b: c" }).click();
  await traces(page, 15);
  await eventually(() => new URL(page.url()).searchParams.getAll("without")).toEqual(["tag:a,b: c"]);
  await value(page, "Tag", /^a,b: c, 15 traces, excluded/).focus();
  await page.keyboard.press("-");
  await traces(page, 30);
  await page.keyboard.press("-");
  await traces(page, 15);
  await page.getByRole("button", { name: "Clear Tag not a,b: c" }).click();
  await traces(page, 30);
});

test("a link restores the chosen values, even one that no trace has any more", async () => {
  await using opened = await openList("/traces?service=worker&model=gone&without=tag:vip");
  const { page } = opened;
  await page.getByText("No trace matches these filters").waitFor();
  await eventually(() => value(page, "Service", /^worker/).isChecked()).toBe(true);
  await eventually(() => value(page, "Model", /^gone, 0 traces/).isChecked()).toBe(true);
  await value(page, "Tag", /^vip, .*excluded/).waitFor();
  await page.getByRole("button", { name: "Clear model gone", exact: true }).click();
  await traces(page, 5);
});

test("arrows walk over the values, Space chooses, and F goes to the filters and closes them", async () => {
  await using opened = await openList("/traces");
  const { page } = opened;
  await traces(page, 30);
  await value(page, "Status", /^ok/).waitFor();
  await page.keyboard.press("f");
  await eventually(() => value(page, "Status", /^ok/).evaluate((box) => box === document.activeElement)).toBe(true);
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press(" ");
  await traces(page, 6);
  await page.keyboard.press("f");
  await page.getByRole("complementary", { name: "Filters" }).waitFor({ state: "hidden" });
  await page.reload();
  await traces(page, 6);
  expect(await page.getByRole("complementary", { name: "Filters" }).count()).toBe(0);
});

test("of many values the most frequent are shown; more come when asked, and typing finds any", async () => {
  await using opened = await openList("/traces");
  const { page } = opened;
  const users = page.getByRole("group", { name: "User" });
  await users.getByRole("button", { name: "22 more" }).click();
  await eventually(() => users.getByRole("checkbox").count()).toBe(30);
  await users.getByRole("textbox", { name: "Search user values" }).fill("USER-2");
  await eventually(() => users.getByRole("checkbox").count()).toBe(11);
  await users.getByRole("checkbox", { name: /^user-27/ }).click();
  await traces(page, 1);
  await eventually(() => new URL(page.url()).searchParams.get("user")).toBe("user-27");
});

test("which facets are open is remembered, and a closed one says how many values are chosen", async () => {
  await using opened = await openList("/traces?tag=vip");
  const { page } = opened;
  const panel = page.getByRole("complementary", { name: "Filters" });
  await panel.getByRole("button", { name: /^Tag/ }).click();
  await panel.getByRole("button", { name: /^Agent/ }).click();
  await page.getByRole("group", { name: "Agent" }).getByText("No trace has one").waitFor();
  await page.reload();
  await page.getByRole("group", { name: "Agent" }).waitFor();
  expect(await page.getByRole("group", { name: "Tag" }).count()).toBe(0);
  await panel.getByRole("button", { name: "Tag 1 chosen" }).waitFor();
});

test("a long value is shortened in the middle, and shown whole in its tooltip", async () => {
  await using opened = await openList("/traces");
  const { page } = opened;
  const label = page.getByTitle(LONG_MODEL, { exact: true }).filter({ has: page.getByRole("checkbox") });
  await label.getByText("26-11-01", { exact: true }).waitFor();
  const [panel, end] = [
    await page.getByRole("complementary", { name: "Filters" }).boundingBox(),
    await label.getByText("26-11-01", { exact: true }).boundingBox(),
  ];
  expect((end?.x ?? 0) + (end?.width ?? 0)).toBeLessThan((panel?.x ?? 0) + (panel?.width ?? 0) - 30);
});

test("values that cannot be counted are reported in their place, and the list still works", async () => {
  await using opened = await openPage(browser, app);
  const { page, open } = opened;
  let isAway = true;
  await page.route(/traces\.facetValues/, (route) => (isAway ? route.abort() : route.continue()));
  await open("/traces");
  await traces(page, 30);
  const again = page.getByRole("complementary", { name: "Filters" }).getByRole("button", { name: "Count again" }).first();
  await again.waitFor();
  isAway = false;
  await again.click();
  await value(page, "Status", /^ok, 24 traces/).waitFor();
});

test("the list has the columns that one chooses, in its link", async () => {
  await using opened = await openList("/traces");
  const { page } = opened;
  await traces(page, 30);
  await page.getByRole("button", { name: "Columns" }).click();
  await page.getByRole("menuitemcheckbox", { name: "Tokens in, out" }).waitFor();
  // Two changes at once: the second builds on the first.
  await page.evaluate(() => {
    const items = [...document.querySelectorAll<HTMLElement>("[role=menuitemcheckbox]")];
    for (const name of ["Service", "Tokens in, out"]) items.find(({ textContent }) => textContent === name)?.click();
  });
  await page.keyboard.press("Escape");
  const headers = () => page.getByRole("grid", { name: "Traces" }).getByRole("columnheader").allTextContents();
  await eventually(headers).toContain("Service");
  await eventually(headers).not.toContain("Tokens in, out");
  await page.reload();
  await eventually(headers).toContain("Service");
  await page.getByRole("button", { name: "Columns" }).click();
  await page.getByRole("menuitem", { name: "Usual columns" }).click();
  await eventually(() => new URL(page.url()).search).toBe("");
});

test("traces are found by a score, with the keyboard, and the condition is a removable chip", async () => {
  await using opened = await openList("/traces");
  const { page } = opened;
  await traces(page, 30);
  await page.getByRole("combobox", { name: "Score", exact: true }).fill("reward");
  const limit = page.getByRole("textbox", { name: "Limit of the score" });
  await limit.fill("low");
  await eventually(() => page.getByRole("button", { name: "Add the condition on a score" }).isDisabled()).toBe(true);
  await limit.fill("0.3");
  await limit.press("Enter");
  await traces(page, 3);
  await eventually(() => new URL(page.url()).searchParams.getAll("score")).toEqual(["reward<0.3"]);
  await page.getByRole("button", { name: "Clear Score reward<0.3" }).click();
  await traces(page, 30);
  expect(opened.scriptErrors).toEqual([]);
});
