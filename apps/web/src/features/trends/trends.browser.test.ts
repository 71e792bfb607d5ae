import { createTrendRollups } from "@signalbox/db/clickhouse";
import { aSpan, storeSpans } from "@signalbox/db/testing";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchBrowser } from "../../testing/browser.ts";
import { openPage } from "../../testing/consolePage.ts";
import { eventually } from "../../testing/eventually.ts";
import { startTestConsole, type TestConsole } from "../../testing/testConsole.ts";

let app: TestConsole;
let browser: Browser;

const HOUR_MS = 3_600_000;
/** Six hours from noon, in hourly steps. */
const SIX_HOURS = "/trends?from=2026-11-23T12:00:00.000Z&to=2026-11-23T18:00:00.000Z&step=3600";

const usage = { input: 1_000, output: 100, cached: null, reasoning: null };
const call = (trace: string, model: string, atMs: number, given: object = {}) =>
  aSpan({ trace, id: model, parent: "root", kind: "llm", model, atMs, usage, lastsMs: 200, ...given });

async function rollUp(): Promise<void> {
  const rollups = createTrendRollups(app.clickhouse);
  while ((await rollups.catchUp()) === "more");
}

beforeAll(async () => {
  browser = await launchBrowser();
  app = await startTestConsole();
  await storeSpans(app.clickhouse, [
    aSpan({ trace: "a", name: "first", atMs: 60_000, lastsMs: 1_000 }),
    aSpan({ trace: "b", name: "second", atMs: 120_000, lastsMs: 1_000 }),
    aSpan({ trace: "c", name: "broken", atMs: 180_000, lastsMs: 1_000, status: "error" }),
    aSpan({ trace: "d", name: "later", atMs: 2 * HOUR_MS, lastsMs: 1_000 }),
    // Two in the six hours before that.
    aSpan({ trace: "e", name: "before", atMs: -2 * HOUR_MS }),
    aSpan({ trace: "f", name: "before", atMs: -2 * HOUR_MS }),
    call("a", "dear", 60_001, { costUsd: 0.5 }),
    call("b", "cheap", 120_001, { costUsd: 0.25, status: "error" }),
    call("d", "local", 2 * HOUR_MS + 1),
  ]);
  await rollUp();
});

afterAll(async () => {
  await browser?.close();
  await app?.[Symbol.asyncDispose]();
});

/** A page for a person who reads UTC. */
async function openInUtc(theme?: "light" | "dark") {
  const opened = await openPage(browser, app, theme);
  await opened.page.addInitScript(() => localStorage.setItem("signalbox.preferences", '{"clock":"utc"}'));
  return opened;
}

const plot = (page: Page, name: string) => page.getByRole("region", { name, exact: true });
const search = (page: Page) => Object.fromEntries(new URL(page.url()).searchParams);

test("each plot shows the totals of the stored spans, compared with the previous period", async () => {
  await using opened = await openInUtc();
  const { page, open, scriptErrors } = opened;
  await open(SIX_HOURS);
  await page.getByText("2026-11-23 12:00 – 18:00, times in UTC").waitFor();
  const headingOf = (name: string) => plot(page, name).locator("h2 + p");
  await eventually(() => headingOf("Traces").textContent()).toMatch(/^4\s*1 failed\s*100% more/);
  await eventually(() => headingOf("Failed traces").textContent()).toMatch(/^25%\s*1 of 4\s*25 points/);
  await eventually(() => headingOf("Tokens").textContent()).toMatch(/^3,300\s*3,000 in, 300 out\s*new/);
  await eventually(() => headingOf("Cost").textContent()).toMatch(/^≥ \$0.750\s*not known of 1 of 3 calls\s*new/);
  await eventually(() => headingOf("Cost by model").textContent()).toMatch(/^66.7%\s*dear/);
  // A second each, accurate to 1 %.
  await eventually(() => headingOf("Duration of traces").textContent()).toMatch(/^~(99\d ms|1(\.01)? s)/);

  const models = page.getByRole("table", { name: "Models" });
  await eventually(() => models.getByRole("row").nth(1).getByRole("cell").allInnerTexts()).toEqual([
    "dear",
    "1",
    "0%",
    "1,000",
    "100",
    "$0.500",
    "$0.500",
  ]);
  await eventually(() => models.getByRole("row").nth(3).getByRole("cell").allInnerTexts()).toEqual([
    "local",
    "1",
    "0%",
    "1,000",
    "100",
    "not known",
    "not known",
  ]);
  expect(scriptErrors).toEqual([]);
});

test("a plot's numbers are in a table whose steps lead to their traces", async () => {
  await using opened = await openInUtc("dark");
  const { page, open } = opened;
  await open(SIX_HOURS);
  await page.getByRole("button", { name: "Show as table: Failed traces" }).click();
  await page.getByRole("button", { name: "Show as table: Traces", exact: true }).click();
  const rowsOf = async (name: string) => {
    const rows = await page.getByRole("table", { name, exact: true }).getByRole("row").all();
    return Promise.all(rows.slice(1).map((row) => row.getByRole("cell").allInnerTexts()));
  };
  await eventually(() => rowsOf("Traces by time")).toEqual([
    ["2026-11-23 16:00 – 17:00", "0", "0", "2"],
    ["2026-11-23 14:00 – 15:00", "1", "0", "0"],
    ["2026-11-23 12:00 – 13:00", "2", "1", "0"],
  ]);
  await eventually(() => rowsOf("Failed traces by time")).toEqual([["2026-11-23 12:00 – 13:00", "33.3%", "–"]]);
  await eventually(() => search(page).tables).toBe("errors,volume");
  await page.getByRole("table", { name: "Failed traces by time" }).getByRole("link").click();
  await page.getByRole("row", { name: /broken/ }).waitFor();
  await eventually(() => search(page)).toEqual({ from: "2026-11-23T12:00:00.000Z", to: "2026-11-23T13:00:00.000Z", status: "error" });
  await eventually(() => page.getByRole("row", { name: /first|second|later/ }).count()).toBe(0);
});

test("keys move one crosshair through all plots, and lead into the list", async () => {
  await using opened = await openInUtc();
  const { page, open } = opened;
  await open(SIX_HOURS);
  const chart = plot(page, "Traces").getByRole("slider");
  await chart.focus();
  await page.keyboard.press("Home");
  await eventually(() => chart.getAttribute("aria-valuetext")).toBe("2026-11-23 12:00 – 13:00, Not failed 2, Failed 1, Previous period 0");
  await plot(page, "Cost").getByText("$0.750", { exact: true }).first().waitFor();
  await page.keyboard.press("ArrowRight");
  await eventually(() => plot(page, "Failed traces").getByRole("slider").getAttribute("aria-valuetext")).toMatch(/13:00 – 14:00, Failed –/);
  await page.keyboard.press("Shift+ArrowRight");
  await page.getByRole("link", { name: "Show its traces" }).waitFor();
  await page.keyboard.press("Enter");
  await page.getByRole("row", { name: /later/ }).waitFor();
  await eventually(() => search(page)).toEqual({ from: "2026-11-23T13:00:00.000Z", to: "2026-11-23T15:00:00.000Z" });
});

test("a stretch is chosen with the pointer, zoomed into, and the way back is the browser's", async () => {
  await using opened = await openInUtc();
  const { page, open } = opened;
  await open(SIX_HOURS);
  const chart = plot(page, "Failed traces").getByRole("slider");
  await chart.waitFor();
  const { x, y, width } = (await chart.boundingBox()) ?? { x: 0, y: 0, width: 0 };
  await page.mouse.move(x + width * 0.1, y + 40);
  await page.mouse.down();
  await page.mouse.move(x + width * 0.4, y + 40, { steps: 4 });
  await page.mouse.up();
  await eventually(() => page.getByRole("link", { name: "Show its traces" }).getAttribute("href")).toContain("status=error");
  await page.getByRole("button", { name: "Zoom in" }).click();
  await page.getByText("2026-11-23 12:00 – 15:00, times in UTC").waitFor();
  await page.goBack();
  await page.getByText("2026-11-23 12:00 – 18:00, times in UTC").waitFor();
  await chart.waitFor();
  await page.mouse.click(x + width * 0.1, y + 40);
  await page.getByRole("row", { name: /broken/ }).waitFor();
  await eventually(() => search(page).status).toBe("error");
});

test("a model narrows the plots to its calls, and the address says so", async () => {
  await using opened = await openInUtc();
  const { page, open } = opened;
  await open(SIX_HOURS);
  await page.getByRole("button", { name: "cheap" }).click();
  await eventually(() => plot(page, "Model calls").locator("h2 + p").textContent()).toMatch(/^1\s*1 failed/);
  await eventually(() => plot(page, "Failed calls").locator("h2 + p").textContent()).toMatch(/^100%\s*1 of 1/);
  await eventually(() => search(page).model).toBe("cheap");
  await page.reload();
  await page.getByRole("button", { name: "All models again, not only cheap" }).click();
  await plot(page, "Failed traces").waitFor();
});

test("keys get there, a project without anything says how to send, and a failure can be tried again", async () => {
  await using opened = await openInUtc();
  const { page, open } = opened;
  await open("/traces?project=nobody");
  await page.getByRole("link", { name: "Trends" }).waitFor();
  await page.keyboard.press("g");
  await page.keyboard.press("m");
  await page.getByRole("heading", { name: "Send a first trace" }).waitFor();
  await page.route(/trends\.overview/, (route) => route.abort());
  await open(SIX_HOURS);
  await page.getByRole("alert").getByText("The console's server does not answer.").waitFor();
  await page.unroute(/trends\.overview/);
  await page.getByRole("button", { name: "Try again" }).click();
  await plot(page, "Traces").waitFor();
});

test("data that is not summed up yet is announced, and appears by itself", async () => {
  await using opened = await openInUtc();
  const { page, open } = opened;
  await storeSpans(app.clickhouse, [aSpan({ project: "late" })]);
  await open(`${SIX_HOURS}&project=late`);
  await page.getByText("Spans have arrived, and are being summed up.").waitFor();
  await rollUp();
  await eventually(() => plot(page, "Traces").locator("h2 + p").textContent()).toMatch(/^1\s*0 failed/);
});
