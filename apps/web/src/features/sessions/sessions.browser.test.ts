import { aSpan, NOON, storeSpans } from "@signalbox/db/testing";
import { type Message, traceIdOf } from "@signalbox/model";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchBrowser } from "../../testing/browser.ts";
import { openPage } from "../../testing/consolePage.ts";
import { eventually } from "../../testing/eventually.ts";
import { startTestConsole, type TestConsole } from "../../testing/testConsole.ts";

let app: TestConsole;
let browser: Browser;

const startMs = Date.now() - Number(NOON / 1_000_000n) - 240_000;
const SESSION = "session größe/чат?#&%20 1037";
const USER = `user ${"0123456789".repeat(40)} ada`;

const text = (role: string, content: string): Message => ({ role, parts: [{ type: "text", content }] });

/** A turn of the session: a trace whose root has the question and the answer, with one model call. */
function turn(place: number) {
  const trace = `turn ${place}`;
  const atMs = startMs + place * 60_000;
  const isFailed = place === 1;
  return [
    aSpan({
      trace,
      name: `turn ${place}`,
      kind: "task",
      session: SESSION,
      user: USER,
      atMs,
      lastsMs: 2_000,
      status: isFailed ? "error" : "ok",
      statusMessage: isFailed ? "the tool broke" : "",
      inputMessages: [text("user", `Question ${place}?`)],
      outputMessages: isFailed ? [] : [text("assistant", `Answer ${place}.`)],
    }),
    aSpan({
      trace,
      id: "llm",
      parent: "root",
      kind: "llm",
      model: "gpt-4o",
      atMs,
      usage: { input: 100, output: 10, cached: null, reasoning: null },
      costUsd: 0.25,
    }),
  ];
}

beforeAll(async () => {
  browser = await launchBrowser();
  app = await startTestConsole();
  const spans = [0, 1, 2].flatMap(turn);
  await storeSpans(app.clickhouse, spans);
  await storeSpans(app.clickhouse, spans);
  await storeSpans(
    app.clickhouse,
    Array.from({ length: 60 }, (_, index) =>
      aSpan({ trace: `other ${index}`, session: `other-${index}`, user: "bob", atMs: startMs - 60_000 - index }),
    ),
  );
  await storeSpans(
    app.clickhouse,
    Array.from({ length: 25 }, (_, index) =>
      aSpan({ trace: `long ${index}`, name: `long ${index}`, session: "long", atMs: startMs - 90_000 + index }),
    ),
  );
});

afterAll(async () => {
  await browser?.close();
  await app?.[Symbol.asyncDispose]();
});

const rows = (page: Page, table: string) =>
  page
    .getByRole("grid", { name: table })
    .getByRole("row")
    .filter({ has: page.getByRole("gridcell") });
const facts = (page: Page) => page.locator("main header dl");

test("sessions are listed with their totals, once however often their spans were sent, and open by key", async () => {
  await using opened = await openPage(browser, app);
  const { page, open } = opened;
  await open("/sessions");
  const first = rows(page, "Sessions").first();
  await eventually(() => first.getByRole("gridcell").allTextContents()).toEqual([
    expect.any(String),
    SESSION,
    USER,
    "3",
    "1",
    "2m 02s",
    "30030",
    "$0.750",
    "gpt-4o",
  ]);
  await page.getByText("50 sessions so far").waitFor({ state: "attached" });
  await page.getByRole("button", { name: "Load more" }).click();
  await page.getByText("62 sessions, all of this time").waitFor({ state: "attached" });
  await page.keyboard.press("j");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { level: 1, name: `Session ${SESSION}` }).waitFor();
  expect(opened.scriptErrors).toEqual([]);
});

test("a session is one conversation: each turn with question, answer, usage, and a link to its trace", async () => {
  await using opened = await openPage(browser, app);
  const { page, open } = opened;
  await open(`/sessions/${encodeURIComponent(SESSION)}`);
  const turns = page.getByRole("list", { name: "Turns" }).getByRole("article");
  await eventually(() => turns.count()).toBe(3);
  for (const fact of ["Turns3", "Failed1", "Failed spans1 of 6", "Cost$0.750", "Lasted2m 02s"])
    await eventually(() => facts(page).textContent()).toContain(fact);
  const second = page.getByRole("article", { name: "Turn 2" });
  for (const said of ["Question 1?", "No span of this trace tells what was answered", "the tool broke", "2 s", "$0.250"])
    await eventually(() => second.textContent()).toContain(said);
  await page.getByRole("article", { name: "Turn 3" }).getByText("Answer 2.").waitFor();
  await second.getByRole("link", { name: "turn 1" }).click();
  await page.getByRole("heading", { level: 1, name: "turn 1" }).waitFor();
  await eventually(() => new URL(page.url()).pathname).toBe(`/traces/${traceIdOf("turn 1")}`);
  await page.getByRole("link", { name: SESSION }).click();
  await page.getByRole("heading", { level: 1, name: `Session ${SESSION}` }).waitFor();
  await page.getByRole("link", { name: "In the trace list" }).click();
  await page.getByText("3 traces, all of this time").waitFor({ state: "attached" });
});

test("the turns of a long session come in pages, in their order", async () => {
  await using opened = await openPage(browser, app);
  const { page, open } = opened;
  await open("/sessions/long");
  const turns = page.getByRole("list", { name: "Turns" }).getByRole("article");
  await eventually(() => turns.count()).toBe(20);
  await page.getByRole("button", { name: "Show more turns" }).click();
  await eventually(() => turns.count()).toBe(25);
  await eventually(() => turns.getByRole("link").allTextContents()).toEqual(Array.from({ length: 25 }, (_, index) => `long ${index}`));
  await page.keyboard.press("Escape");
  await page.waitForURL("**/sessions");
});

test("users are listed, and a user's page shows totals, activity, sessions and traces", async () => {
  await using opened = await openPage(browser, app);
  const { page, open } = opened;
  await open("/users?q=ADA");
  await eventually(() => rows(page, "Users").count()).toBe(1);
  await page.keyboard.press("j");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { level: 1, name: `User ${USER}` }).waitFor();
  await eventually(() => facts(page).textContent()).toContain("Traces3Failed1");
  await eventually(() => facts(page).textContent()).toContain("Sessions1");
  await page.getByRole("slider", { name: "Traces over time" }).waitFor();
  await eventually(() => page.locator("figure rect").count()).toBeGreaterThan(0);
  await rows(page, "Sessions of this user").getByRole("link", { name: SESSION }).waitFor();
  await eventually(() => rows(page, "Latest traces").count()).toBe(3);
  await page.getByRole("button", { name: "Last 24 hours" }).click();
  await page.getByRole("button", { name: /^Last 15 minutes/ }).click();
  await eventually(() => new URL(page.url()).searchParams.get("range")).toBe("15m");
  await page.getByRole("link", { name: "In the trace list" }).click();
  await page.getByText("3 traces, all of this time").waitFor({ state: "attached" });
});

test.each(["..", ".", "~home", "a\\b", "x".repeat(1_000)])("the id %s has a page of its own", async (id) => {
  await storeSpans(app.clickhouse, [aSpan({ trace: id, name: "odd", session: id, user: id, atMs: startMs })]);
  await using opened = await openPage(browser, app);
  const { page, open } = opened;
  await open(`/sessions?q=${encodeURIComponent(id.slice(0, 100))}`);
  await page.getByRole("grid", { name: "Sessions" }).getByRole("link", { name: id, exact: true }).first().click();
  await page.getByRole("heading", { level: 1, name: `Session ${id}` }).waitFor();
  await page.getByRole("article", { name: "Turn 1" }).waitFor();
  await page.locator("main header").getByRole("link", { name: id, exact: true }).click();
  await page.getByRole("heading", { level: 1, name: `User ${id}` }).waitFor();
  await eventually(() => rows(page, "Latest traces").count()).toBe(1);
});

test("the palette opens a session and a user by a pasted id", async () => {
  await using opened = await openPage(browser, app);
  const { page, open } = opened;
  await open("/status");
  for (const [what, id] of [
    ["session", SESSION],
    ["user", USER],
  ] as const) {
    await page.keyboard.press("Control+k");
    await page.getByRole("combobox", { name: "Search commands" }).fill(id);
    await page.getByRole("option", { name: new RegExp(`^Open ${what}`) }).click();
    await page.getByRole("heading", { level: 1, name: new RegExp(`^${what}`, "i") }).waitFor();
  }
});

test("an unknown session or user is reported, with a way on", async () => {
  await using opened = await openPage(browser, app);
  const { page, open } = opened;
  await open("/sessions/nobody's");
  await page.getByText("This session is not here").waitFor();
  await page.getByRole("link", { name: "Go to sessions" }).waitFor();
  await open("/sessions?q=nothing%20like%20it");
  await page.getByRole("button", { name: "Clear search nothing like it" }).click();
  await rows(page, "Sessions").first().waitFor();
  await open("/users?from=2020-01-01T00:00:00.000Z&to=2020-01-02T00:00:00.000Z");
  await page.getByText("No span of this time names a user").waitFor();
  await open("/users/nobody");
  await page.getByText("No trace of this user began in this time").waitFor();
});

test("the link that AgentOps' SDK prints leads to the trace", async () => {
  await using opened = await openPage(browser, app);
  const { page, open } = opened;
  await open(`/sessions?trace_id=${traceIdOf("turn 0")}`);
  await page.getByRole("heading", { level: 1, name: "turn 0" }).waitFor();
  const [a, b, c, d, e] =
    traceIdOf("turn 1")
      .match(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/)
      ?.slice(1) ?? [];
  await open(`/sessions?trace_id=${[a, b, c, d, e].join("-").toUpperCase()}`);
  await page.getByRole("heading", { level: 1, name: "turn 1" }).waitFor();
  await open("/sessions?trace_id=none");
  await page.getByRole("heading", { level: 1, name: "Sessions" }).waitFor();
});
