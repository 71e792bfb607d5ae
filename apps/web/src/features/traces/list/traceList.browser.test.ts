import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { freePortOffset } from "@signalbox/db/embedded";
import { aSpan, NOON, storeScores, storeSpans } from "@signalbox/db/testing";
import { traceIdOf } from "@signalbox/model";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchBrowser } from "../../../testing/browser.ts";
import { openPage } from "../../../testing/consolePage.ts";
import { NO_STORES, startConsole } from "../../../testing/consoleProcess.ts";
import { eventually } from "../../../testing/eventually.ts";
import { startTestConsole, type TestConsole } from "../../../testing/testConsole.ts";

// The tests of this file follow the life of one list: the first finds it empty, and each leaves its traces to the next.
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

/** The offset in milliseconds from `NOON` at which a span must begin to be `ago` milliseconds old. */
const agoMs = (ago: number): number => Date.now() - Number(NOON / 1_000_000n) - ago;

const rows = (page: Page) =>
  page
    .getByRole("grid", { name: "Traces" })
    .getByRole("row")
    .filter({ has: page.getByRole("gridcell") });
const names = (page: Page) => rows(page).locator('[role="gridcell"]:nth-child(3) a').allTextContents();
const text = (role: string, content: string) => ({ role, parts: [{ type: "text" as const, content }] });

test("without any span the page explains how to send one, and shows the first by itself", async () => {
  await using opened = await openPage(browser, app);
  const { page, open } = opened;
  await open("/");
  await page.getByText("Waiting for the first span").waitFor();
  await eventually(() => new URL(page.url()).pathname).toBe("/traces");
  const snippet = await page.locator("pre").first().textContent();
  expect(snippet).toMatch(/http:\/\/127\.0\.0\.1:\d+\/v1\/traces/);
  await page.getByRole("button", { name: "Copy snippet" }).click();
  await eventually(() => page.evaluate(() => navigator.clipboard.readText())).toBe(snippet);
  for (const way of ["Node", "curl", "Already instrumented"]) {
    await page.getByRole("tab", { name: way }).click();
    const shown = page.getByRole("tabpanel", { name: way }).locator("pre");
    await shown.waitFor();
    expect(await shown.evaluate((pre) => pre.scrollWidth - pre.clientWidth), way).toBe(0);
  }

  await storeSpans(app.clickhouse, [aSpan({ trace: "first", name: "the first", atMs: agoMs(100) })]);
  await eventually(() => names(page)).toEqual(["the first"]);
  expect(opened.scriptErrors).toEqual([]);
});

test("the list shows time, status, duration, tokens, cost, session and scores", async () => {
  await storeSpans(app.clickhouse, [
    aSpan({ trace: "rich", name: "Größe ändern 🚆", atMs: agoMs(1_000), lastsMs: 2_340, session: "sess-1", user: "ádám", tags: ["vip"] }),
    aSpan({
      trace: "rich",
      id: "llm",
      parent: "root",
      kind: "llm",
      model: "gpt-4o",
      atMs: agoMs(900),
      usage: { input: 12_345, output: 678, cached: null, reasoning: null },
      costUsd: 0.042,
      costIsEstimate: true,
      inputMessages: [text("user", "the needle in the messages")],
    }),
    aSpan({
      trace: "failed",
      name: "it failed",
      kind: "llm",
      status: "error",
      atMs: agoMs(2_000),
      lastsMs: 5,
      usage: { input: 5, output: null, cached: null, reasoning: null },
    }),
    aSpan({ trace: "rootless", id: "child", parent: "gone", name: "only a child", atMs: agoMs(3_000) }),
  ]);
  await storeScores(app.clickhouse, [
    {
      project: "default",
      traceId: traceIdOf("rich"),
      spanId: null,
      name: "reward",
      value: 1,
      label: "pass",
      explanation: "",
      scorer: "rules",
      time: new Date().toISOString(),
    },
  ]);
  await using opened = await openPage(browser, app);
  const { page, open } = opened;
  await open("/traces");
  await eventually(async () => (await names(page)).length).toEqual(4);
  for (const shown of ["2.34 s", "12,345", "678", "~$0.042", "gpt-4o", "sess-1", "rewardpass"])
    await eventually(() => rows(page).filter({ hasText: "Größe ändern 🚆" }).textContent()).toContain(shown);
  await rows(page).filter({ hasText: "it failed" }).getByText("Error").waitFor();
  await rows(page).filter({ hasText: "only a child" }).getByText("no root yet").waitFor();
  await page.getByText("4 traces, all of this time; 1 without a root is not in the chart").waitFor();
  await rows(page).filter({ hasText: "it failed" }).getByTitle("Tokens: 5 in, unknown out").waitFor();
});

test("filters are in the URL, a link brings them back, and clearing one drops it", async () => {
  await using opened = await openPage(browser, app);
  const { page, open } = opened;
  await open("/traces?status=error");
  await eventually(() => names(page)).toEqual(["it failed"]);

  await page.getByRole("button", { name: "Clear Status error" }).click();
  await eventually(async () => (await names(page)).length).toEqual(4);
  await eventually(() => page.url()).not.toContain("status");

  await page.getByRole("searchbox").fill("NEEDLE in");
  await page.keyboard.press("Enter");
  await eventually(() => names(page)).toEqual(["Größe ändern 🚆"]);
  await eventually(() => new URL(page.url()).searchParams.get("q")).toBe("NEEDLE in");

  await page.goBack();
  await eventually(async () => (await names(page)).length).toEqual(4);

  await rows(page).getByRole("link", { name: "sess-1" }).click();
  await page.getByRole("heading", { level: 1, name: "Session sess-1" }).waitFor();
  await eventually(() => new URL(page.url()).pathname).toBe("/sessions/sess-1");
});

test("an empty list names the filter that emptied it, and drops it with one click", async () => {
  await using opened = await openPage(browser, app);
  const { page, open } = opened;
  await open("/traces?model=gpt-4o&name=nothing%20like%20it");
  await page.getByText("No trace matches these filters").waitFor();
  await page.getByText("There are traces without this filter.").waitFor();
  expect(await page.getByRole("button", { name: "Clear model gpt-4o", exact: true }).count()).toBe(0);
  await page.getByRole("button", { name: "Clear name nothing like it", exact: true }).click();
  await eventually(() => names(page)).toEqual(["Größe ändern 🚆"]);
});

test("a search as long as may be says so, and a longer one is cut where it is typed", async () => {
  await using opened = await openPage(browser, app);
  const { page, open } = opened;
  await open("/traces");
  await eventually(async () => (await names(page)).length).toEqual(4);
  await page.evaluate((text) => navigator.clipboard.writeText(text), "needle ".repeat(40));
  await page.getByRole("searchbox").focus();
  await page.keyboard.press("Control+v");
  await page.getByText("200 characters at most").waitFor();
  await eventually(() => page.getByRole("searchbox").inputValue()).toHaveLength(200);
  await page.keyboard.press("Enter");
  await page.getByText("No trace matches these filters").waitFor();
});

test("a link with an invalid filter shows which and why, and drops it with one click", async () => {
  await using opened = await openPage(browser, app);
  const { page, open } = opened;
  await open(`/traces?status=foo&minMs=-5&from=2020-01-01&to=2026-01-01&q=${"x".repeat(300)}`);
  await page.getByText("Status “foo” is none of ok, error, incomplete.").waitFor();
  await page.getByText("Text has 300 characters, and 200 are the most.").waitFor();
  expect(await page.getByRole("grid").count()).toBe(0);
  for (const label of ["Status", "Min duration", "Text", "Time range"])
    await page.getByRole("button", { name: `Clear this filter: ${label}`, exact: true }).click();
  await eventually(async () => (await names(page)).length).toEqual(4);
  await eventually(() => new URL(page.url()).search).toBe("");
});

test("a range without traces offers one that has some", async () => {
  await using opened = await openPage(browser, app);
  const { page, open } = opened;
  await open("/traces?from=2020-01-01T00:00:00.000Z&to=2020-01-02T00:00:00.000Z");
  await page.getByText("No trace began in this time").waitFor();
  await page.getByRole("button", { name: /^Show the last/ }).click();
  await eventually(async () => (await names(page)).length).toEqual(4);
});

test("new traces come by themselves, but wait behind a pill while the pointer rests on the rows", async () => {
  await using opened = await openPage(browser, app);
  const { page, open } = opened;
  await open("/traces");
  await eventually(async () => (await names(page)).length).toEqual(4);
  await page.mouse.move(10, 10);
  await storeSpans(app.clickhouse, [aSpan({ trace: "live-1", name: "live one", atMs: agoMs(0) })]);
  await eventually(async () => (await names(page))[0]).toEqual("live one");

  await rows(page).first().hover();
  await storeSpans(app.clickhouse, [aSpan({ trace: "live-2", name: "live two", atMs: agoMs(0) })]);
  await page.getByRole("button", { name: "1 new" }).waitFor();
  expect((await names(page))[0]).toBe("live one");
  await page.keyboard.press("n");
  await eventually(async () => (await names(page))[0]).toEqual("live two");

  await page.keyboard.press("l");
  await page.getByRole("button", { name: "Paused" }).waitFor();
  await page.keyboard.press("l");
  await page.getByRole("button", { name: "Live" }).waitFor();
});

test("a hidden list polls nothing, and resumes when it is visible again", async () => {
  await using opened = await openPage(browser, app);
  const { page, open } = opened;
  await open("/traces");
  await eventually(async () => (await names(page))[0]).toEqual("live two");
  const look = (state: "hidden" | "visible") =>
    page.evaluate((visibility) => {
      Object.defineProperty(document, "visibilityState", { value: visibility, configurable: true });
      document.dispatchEvent(new Event("visibilitychange"));
    }, state);
  let pulses = 0;
  page.on("request", (request) => {
    if (request.url().includes("traces.pulse")) pulses += 1;
  });
  await page.waitForRequest(/traces\.pulse/);
  await look("hidden");
  const before = pulses;
  // The page's own clock shows that the time of several polls has passed.
  await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 2_500)));
  expect(pulses - before).toBeLessThanOrEqual(1);
  await look("visible");
  await page.waitForRequest(/traces\.pulse/);
});

test("a live list says that its server is away, keeps its rows, and recovers by itself", async () => {
  const portOffset = await freePortOffset();
  const where = { clickhouseUrl: app.clickhouseUrl, databaseUrl: app.databaseUrl, portOffset };
  const first = await startConsole(where);
  await using opened = await openPage(browser, first);
  const { page, open } = opened;
  await open("/traces");
  await eventually(async () => (await names(page)).length > 0).toBe(true);
  await first[Symbol.asyncDispose]();
  await page.getByText("Connection to the console's server lost.").waitFor();
  expect((await names(page)).length).toBeGreaterThan(0);

  await using _again = await startConsole(where);
  await page.mouse.move(10, 10);
  await storeSpans(app.clickhouse, [aSpan({ trace: "after", name: "after it came back", atMs: agoMs(0) })]);
  await eventually(async () => (await names(page))[0]).toEqual("after it came back");
  await page.getByText("Connection to the console's server lost.").waitFor({ state: "hidden" });
});

test("a link on a page of another site opens the list", async () => {
  await using opened = await openPage(browser, app);
  const { page } = opened;
  await page.route("http://wiki.example/", (route) =>
    route.fulfill({ contentType: "text/html", body: `<a href="${app.url}/traces?tag=vip">the traces of that day</a>` }),
  );
  await page.goto("http://wiki.example/");
  await page.getByRole("link").click();
  await eventually(() => names(page)).toEqual(["Größe ändern 🚆"]);
});

test("an unavailable store is reported, with its code and a way to retry", async () => {
  await using away = await startConsole({ ...NO_STORES, portOffset: await freePortOffset() });
  await using opened = await openPage(browser, away);
  const { page, open } = opened;
  await open("/traces");
  await page.getByRole("alert").getByText("upstream_unavailable").waitFor();
  await page.getByRole("button", { name: "Try again" }).waitFor();
});

test("a store that hangs is reported long before the query times out", async () => {
  await using silent = createServer((socket) => socket.resume().on("error", () => undefined)).listen(0, "127.0.0.1");
  await once(silent, "listening");
  const { port } = silent.address() as AddressInfo;
  const clickhouseUrl = `http://127.0.0.1:${port}/signalbox`;
  await using away = await startConsole({ ...NO_STORES, clickhouseUrl, portOffset: await freePortOffset() });
  await using opened = await openPage(browser, away);
  const { page, open } = opened;
  await open("/traces");
  await page.getByRole("alert").getByText("The telemetry store does not answer.").waitFor();
  await page.getByRole("alert").getByText("This page comes by itself once it does.").waitFor();
});

test("the keyboard walks, opens and comes back to the same list", async () => {
  await using opened = await openPage(browser, app);
  const { page, open } = opened;
  await open("/traces?tag=vip");
  await eventually(async () => (await names(page)).length).toEqual(1);
  await page.keyboard.press("j");
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/traces\/[0-9a-f]{32}/);
  await page.getByRole("heading", { level: 1, name: "Größe ändern 🚆" }).waitFor();
  await page.keyboard.press("Escape");
  await page.waitForURL(/\/traces\?tag=vip$/);
});

test("keys typed into a field are text, not shortcuts", async () => {
  await using opened = await openPage(browser, app);
  const { page, open } = opened;
  await open("/traces");
  await eventually(async () => (await names(page)).length > 0).toEqual(true);
  await page.keyboard.press("/");
  await page.keyboard.type("flt?gs");
  await eventually(() => page.getByRole("searchbox").inputValue()).toBe("flt?gs");
  expect(await page.getByRole("dialog").count()).toBe(0);
});

test("the sheet and the palette show every key, and the palette opens a pasted trace id", async () => {
  await using opened = await openPage(browser, app);
  const { page, open } = opened;
  await open("/traces");
  await eventually(async () => (await names(page)).length > 0).toEqual(true);
  await page.keyboard.press("?");
  await page.getByRole("dialog", { name: "Keyboard shortcuts" }).getByText("Time range").waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "hidden" });

  await page.keyboard.press("Control+k");
  await page.getByRole("combobox", { name: "Search commands" }).fill(traceIdOf("failed"));
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { level: 1, name: "it failed" }).waitFor();
  await page.keyboard.press("g");
  await page.keyboard.press("s");
  await page.getByRole("heading", { level: 1, name: "Status" }).waitFor();
});

test("a session id that does not fit shows its beginning and end", async () => {
  const session = `session-${"ada_fontaine_".repeat(5)}1037`;
  await storeSpans(app.clickhouse, [aSpan({ trace: "long session", session, tags: ["long"], atMs: agoMs(0) })]);
  await using opened = await openPage(browser, app);
  const { page, open } = opened;
  await open("/traces?tag=long");
  const cell = page.getByRole("gridcell").filter({ has: page.getByRole("link", { name: session }) });
  const [whole, end] = [await cell.boundingBox(), await cell.getByText("ine_1037", { exact: true }).boundingBox()];
  expect((end?.x ?? 0) + (end?.width ?? 0)).toBeLessThanOrEqual((whole?.x ?? 0) + (whole?.width ?? 0));
});

test("for several scores the list says how many failed", async () => {
  await storeSpans(app.clickhouse, [aSpan({ trace: "scored", tags: ["scored"], atMs: agoMs(0) })]);
  const score = { project: "default", traceId: traceIdOf("scored"), spanId: null, label: "", explanation: "", scorer: "rules" };
  const values = { reward: 0, outputs: 1, actions: 1, words: 0.5 };
  await storeScores(
    app.clickhouse,
    Object.entries(values).map(([name, value]) => ({ ...score, name, value, time: new Date().toISOString() })),
  );
  await using opened = await openPage(browser, app);
  const { page, open } = opened;
  await open("/traces?tag=scored");
  await rows(page).getByText("1 of 4 failed").waitFor();
});

test("pages join: each trace once, newest first", async () => {
  const roots = Array.from({ length: 120 }, (_, index) =>
    aSpan({ trace: `page-${index}`, name: `page ${index}`, tags: ["pages"], atMs: agoMs(60_000 + (120 - index) * 10) }),
  );
  await storeSpans(app.clickhouse, roots);
  await using opened = await openPage(browser, app);
  const { page, open } = opened;
  await open("/traces?tag=pages");
  await page.getByText("50 traces so far").waitFor({ state: "attached" });

  const grid = page.getByRole("grid", { name: "Traces" });
  for (const count of ["100 traces so far", "120 traces, all of this time"]) {
    await page.getByRole("button", { name: "Load more" }).click();
    await page.getByText(count).waitFor({ state: "attached" });
  }
  await eventually(() => grid.getAttribute("aria-rowcount")).toBe("121");

  const seen: string[] = [];
  await grid.focus();
  await page.keyboard.press("Home");
  for (let index = 0; index < 120; index += 1) {
    const current = grid.locator('[aria-selected="true"] a');
    seen.push((await current.textContent()) ?? "");
    await page.keyboard.press("ArrowDown");
  }
  expect(seen).toEqual(Array.from({ length: 120 }, (_, index) => `page ${119 - index}`));
});

test("a trace that comes after everything was loaded is added, and nothing is loaded twice", async () => {
  await using opened = await openPage(browser, app);
  const { page, open } = opened;
  await open("/traces?tag=pages");
  for (const count of ["50 traces so far", "100 traces so far"]) {
    await page.getByText(count).waitFor({ state: "attached" });
    await page.getByRole("button", { name: "Load more" }).click();
  }
  await page.getByText("120 traces, all of this time").waitFor({ state: "attached" });

  await rows(page).first().hover();
  await storeSpans(app.clickhouse, [aSpan({ trace: "page-late", name: "page late", tags: ["pages"], atMs: agoMs(0) })]);
  await page.getByRole("button", { name: "1 new" }).waitFor();
  await page.keyboard.press("n");
  await page.getByText("121 traces, all of this time").waitFor({ state: "attached" });
  expect(await page.getByRole("button", { name: "Load more" }).count()).toBe(0);
});
