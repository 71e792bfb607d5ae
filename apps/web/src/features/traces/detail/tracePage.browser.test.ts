import { aChain, aSpan, NOON, storeDecisions, storeScores, storeSpans, wordSpanId } from "@signalbox/db/testing";
import { type Message, traceIdOf } from "@signalbox/model";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { aBigTrace } from "../../../testing/aBigTrace.ts";
import { launchBrowser } from "../../../testing/browser.ts";
import { openPage } from "../../../testing/consolePage.ts";
import { eventually } from "../../../testing/eventually.ts";
import { startTestConsole, type TestConsole } from "../../../testing/testConsole.ts";

let app: TestConsole;
let browser: Browser;

/** Ten minutes ago, as milliseconds since `NOON`. */
const startMs = Date.now() - Number(NOON / 1_000_000n) - 600_000;

const text = (role: string, content: string): Message => ({ role, parts: [{ type: "text", content }] });
const SYSTEM = text("system", "You are an airline's agent.");
const QUESTION = text("user", "Grüße! Wo ist 東京 „🚆“?\nSecond line.");
const CALL: Message = {
  role: "assistant",
  parts: [{ type: "tool_call", id: "call-1", name: "find_city", arguments: { city: "東京", deep: { list: [1, 2] } } }],
};
const RESULT = JSON.stringify({ city: "東京", note: "x".repeat(6_000) });
const ANSWER = text("assistant", "Tōkyō is in Japan.");

const lines = (word: string, count: number) => Array.from({ length: count }, (_, index) => `${word} ${index + 1}.`).join("\n");

/** A conversation of many turns; the first span has three messages, of which the rules and the answer are long. */
function longTalk() {
  const [trace, atMs] = ["long talk", startMs - 120_000];
  const turns = Array.from({ length: 40 }, (_, turn) =>
    aSpan({
      trace,
      id: `turn ${turn}`,
      parent: "root",
      kind: "llm",
      name: "chat gpt-4o",
      atMs: atMs + turn * 10,
      lastsMs: 5,
      inputMessages: [...(turn === 0 ? [text("system", lines("Rule", 200))] : []), text("user", `Question ${turn}`)],
      outputMessages: [text("assistant", turn === 0 ? lines("Step", 60) : lines(`Answer ${turn}, line`, 10))],
    }),
  );
  return [aSpan({ trace, name: "a long talk", kind: "task", atMs, lastsMs: 500 }), ...turns];
}

beforeAll(async () => {
  browser = await launchBrowser();
  app = await startTestConsole();
  const trace = "talk";
  const llm = { trace, parent: "agent", kind: "llm", model: "gpt-4o", agent: "airline", name: "chat gpt-4o" } as const;
  await storeSpans(app.clickhouse, [
    aSpan({ trace, name: "Größe 42", kind: "task", atMs: startMs, lastsMs: 900, session: "s-1", inputMessages: [QUESTION] }),
    aSpan({ trace, id: "agent", parent: "root", name: "invoke_agent airline", kind: "agent", atMs: startMs + 5, lastsMs: 890 }),
    aSpan({ ...llm, id: "ask", atMs: startMs + 10, lastsMs: 300, inputMessages: [SYSTEM, QUESTION], outputMessages: [CALL] }),
    aSpan({
      trace,
      id: "tool",
      parent: "agent",
      name: "execute_tool find_city",
      kind: "tool",
      atMs: startMs + 320,
      lastsMs: 20,
      tool: { name: "find_city", callId: "call-1", arguments: '{"city":"東京"}', result: RESULT },
      attributes: { "my.attribute": "wert ✓" },
      events: [{ name: "cache miss", timeUnixNano: String(NOON + BigInt(startMs + 325) * 1_000_000n), attributes: { key: "東京" } }],
    }),
    aSpan({
      ...llm,
      id: "answer",
      atMs: startMs + 350,
      lastsMs: 500,
      inputMessages: [SYSTEM, QUESTION, CALL, { role: "tool", parts: [{ type: "tool_call_response", id: "call-1", response: RESULT }] }],
      outputMessages: [ANSWER],
      usage: { input: 100, output: 10, cached: null, reasoning: null },
      usageIsEstimate: true,
      costUsd: 0.002,
    }),
    aSpan({
      trace,
      id: "lost",
      parent: "nowhere",
      name: "from somewhere else",
      atMs: startMs + 400,
      status: "error",
      statusMessage: "it broke",
    }),
    aSpan({ trace: "older", name: "an older trace", atMs: startMs - 60_000 }),
    ...longTalk(),
  ]);
  await storeDecisions(
    app.clickhouse,
    aChain(trace, [
      { kind: "routed", chosen: "airline", reason: "the task names its domain" },
      { kind: "planned", chosen: "look the city up", spanId: wordSpanId(trace, "ask"), detail: { größe: 42 } },
      { kind: "tool_called", chosen: "find_city", spanId: wordSpanId(trace, "tool") },
    ]),
  );
  const [first, second] = aChain("older", [{}, {}]);
  if (first === undefined || second === undefined) throw new Error("a chain of two has two");
  await storeDecisions(app.clickhouse, [first, { ...second, chosen: "something else" }]);
  await storeScores(app.clickhouse, [
    {
      project: "default",
      traceId: traceIdOf(trace),
      spanId: null,
      name: "reward",
      value: 0,
      label: "fail",
      explanation: "",
      scorer: "rules",
      time: new Date().toISOString(),
    },
  ]);
});

afterAll(async () => {
  await browser?.close();
  await app?.[Symbol.asyncDispose]();
});

const TRACE = `/traces/${traceIdOf("talk")}`;
const LONG_TALK = `/traces/${traceIdOf("long talk")}?view=conversation`;
const tree = (page: Page) => page.getByRole("treegrid");
const panel = (page: Page) => page.getByRole("region", { name: "Selected span" });
const selectedRow = (page: Page) => tree(page).locator('[aria-selected="true"]');

test("the header shows the trace's identity and totals", async () => {
  await using opened = await openPage(browser, app);
  const { page, open } = opened;
  await open(TRACE);
  const header = page.locator("main header").first();
  await header.getByRole("heading", { name: "Größe 42" }).waitFor();
  for (const fact of ["900 ms", "6", "gpt-4o", "~100", "≥ $0.0020", "s-1", "rewardfail", "1 span failed"])
    await eventually(() => header.textContent()).toContain(fact);
  expect(opened.scriptErrors).toEqual([]);
});

test("the tree is one tab stop that arrows walk, and its rows say their place", async () => {
  await using opened = await openPage(browser, app);
  const { page, open } = opened;
  await open(TRACE);
  await tree(page).focus();
  await page.keyboard.press("ArrowDown");
  await eventually(() => selectedRow(page).getAttribute("aria-level")).toBe("2");
  await eventually(() => selectedRow(page).textContent()).toContain("invoke_agent airline");
  await eventually(() => selectedRow(page).getAttribute("aria-expanded")).toBe("true");

  await page.keyboard.press("ArrowLeft");
  await eventually(() => selectedRow(page).getAttribute("aria-expanded")).toBe("false");
  await eventually(() => tree(page).getByText("execute_tool find_city").count()).toBe(0);
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  await eventually(() => selectedRow(page).textContent()).toContain("chat gpt-4o");
  await page.keyboard.press("End");
  await eventually(() => selectedRow(page).textContent()).toContain("from somewhere else");
});

test("a span whose parent is missing says so, and its error is shown", async () => {
  await using opened = await openPage(browser, app);
  const { page, open } = opened;
  await open(`${TRACE}?span=${wordSpanId("talk", "lost")}`);
  await selectedRow(page).getByText("parent not received").waitFor({ state: "attached" });
  await eventually(() => selectedRow(page).getAttribute("aria-level")).toBe("1");
  await panel(page).getByText("it broke").waitFor();
});

test("tree, waterfall, conversation, decision log and panel share one selection, which the URL holds", async () => {
  await using opened = await openPage(browser, app);
  const { page, open } = opened;
  const toolId = wordSpanId("talk", "tool");
  await open(TRACE);
  await page.getByRole("region", { name: "Decision log" }).getByRole("button", { name: "find_city" }).click();
  await eventually(() => new URL(page.url()).searchParams.get("span")).toBe(toolId);
  await eventually(() => selectedRow(page).getAttribute("data-span")).toBe(toolId);
  await panel(page).getByRole("heading", { name: "execute_tool find_city" }).waitFor();

  await page.keyboard.press("1");
  await page.getByRole("treegrid", { name: "Spans", exact: true }).waitFor();
  await eventually(() => selectedRow(page).getAttribute("data-span")).toBe(toolId);

  await page.keyboard.press("3");
  const log = page.getByRole("log", { name: "Conversation" });
  await log.locator(`[data-span="${toolId}"]`).getByRole("button", { name: "Tool", pressed: true }).waitFor();
  await log.getByText("Tōkyō is in Japan.").click();
  await eventually(() => new URL(page.url()).searchParams.get("span")).toBe(wordSpanId("talk", "answer"));
  await panel(page).getByText("~100 in, 10 out").waitFor();

  await page.keyboard.press("2");
  await eventually(() => selectedRow(page).getAttribute("data-span")).toBe(wordSpanId("talk", "answer"));
  await eventually(() => new URL(page.url()).searchParams.get("view")).toBeNull();
  await page.reload();
  await eventually(() => selectedRow(page).getAttribute("data-span")).toBe(wordSpanId("talk", "answer"));
});

test("the conversation shows each message once, in order", async () => {
  await using opened = await openPage(browser, app);
  const { page, open } = opened;
  await open(`${TRACE}?view=conversation`);
  const log = page.getByRole("log", { name: "Conversation" });
  await log.getByText("Tōkyō is in Japan.").waitFor({ state: "attached" });
  const speakers = await log
    .locator("[data-index]")
    .getByRole("button", { name: /^(System|User|Assistant|Tool)$/ })
    .allTextContents();
  expect(speakers).toEqual(["System", "User", "Assistant", "Tool", "Assistant"]);
  await eventually(() => log.getByText("Grüße! Wo ist").textContent()).toBe("Grüße! Wo ist 東京 „🚆“?\nSecond line.");
  await eventually(() => log.locator("pre").first().textContent()).toBe(JSON.stringify({ city: "東京", deep: { list: [1, 2] } }, null, 2));
});

const conversation = (page: Page) => page.getByRole("log", { name: "Conversation" });
const entryAt = (page: Page, place: number) => conversation(page).locator(`[data-index="${place}"]`);

/** Runs in the page: whether an element is entirely within the conversation's viewport. */
function isInSight(element: Element): boolean {
  const [inner, outer] = [element.getBoundingClientRect(), element.closest('[role="log"]')?.getBoundingClientRect()];
  return outer !== undefined && inner.top >= outer.top && inner.bottom <= outer.bottom;
}

test("End goes to the last entry and Home to the first, though none was measured between", async () => {
  await using opened = await openPage(browser, app);
  const { page, open } = opened;
  await open(LONG_TALK);
  await entryAt(page, 0)
    .getByRole("button", { name: /^Show all/ })
    .click();
  await conversation(page).focus();
  await page.keyboard.press("End");
  await eventually(() => entryAt(page, 80).getByText("Answer 39, line 10.").evaluate(isInSight)).toBe(true);
  await page.keyboard.press("Home");
  await eventually(() => conversation(page).evaluate((log) => log.scrollTop)).toBe(0);
  await eventually(() => entryAt(page, 0).getByRole("button", { name: "System" }).evaluate(isInSight)).toBe(true);
});

test("a long text that was opened is still open after reading elsewhere, and closing it shows its beginning", async () => {
  await using opened = await openPage(browser, app);
  const { page, open } = opened;
  await open(LONG_TALK);
  const rules = entryAt(page, 0);
  await rules.getByRole("button", { name: /^Show all/ }).click();
  await rules.getByText("Rule 200.").waitFor();

  await conversation(page).focus();
  await page.keyboard.press("End");
  await eventually(() => rules.count()).toBe(0);
  await page.keyboard.press("Home");
  await rules.getByText("Rule 200.").waitFor();

  await rules.getByRole("button", { name: "Show less" }).click();
  await eventually(() => rules.getByRole("button", { name: /^Show all/ }).evaluate(isInSight)).toBe(true);
  await eventually(() => rules.getByRole("button", { name: "System" }).evaluate(isInSight)).toBe(true);
});

test("opening and copying a text chooses no span", async () => {
  await using opened = await openPage(browser, app);
  const { page, open } = opened;
  await open(LONG_TALK);
  await entryAt(page, 2)
    .getByRole("button", { name: /^Show all/ })
    .click();
  await entryAt(page, 2).getByRole("button", { name: "Show less" }).waitFor();
  await open(`${TRACE}?view=conversation`);
  await conversation(page).getByRole("button", { name: "Copy find_city", exact: true }).click();
  await conversation(page).getByRole("button", { name: "Copied find_city", exact: true }).waitFor();
  expect(await conversation(page).getByRole("button", { pressed: true }).count()).toBe(0);
});

test("choosing an entry does not move it, even if its span began further up", async () => {
  await using opened = await openPage(browser, app);
  const { page, open } = opened;
  await open(LONG_TALK);
  await entryAt(page, 3).getByRole("button", { name: "User" }).click();
  await entryAt(page, 3).getByRole("button", { name: "User", pressed: true }).waitFor();
  await entryAt(page, 2).evaluate((entry) => entry.scrollIntoView({ block: "start" }));
  const speaker = entryAt(page, 2).getByRole("button", { name: "Assistant" });
  // Pointing at it waits until it stands still.
  await speaker.hover();
  const before = await speaker.boundingBox();
  await speaker.click();
  await entryAt(page, 2).getByRole("button", { name: "Assistant", pressed: true }).waitFor();
  expect(await speaker.boundingBox()).toEqual(before);
});

test("a speaker stands at the head of an entry, and beside a long one stays in sight", async () => {
  await using opened = await openPage(browser, app);
  const { page, open } = opened;
  await open(LONG_TALK);
  const answer = entryAt(page, 2);
  const speaker = answer.getByRole("button", { name: "Assistant" });
  await answer.evaluate((entry) => entry.scrollIntoView({ block: "start" }));
  await eventually(async () => ((await speaker.boundingBox())?.y ?? 0) - ((await answer.boundingBox())?.y ?? 0)).toBe(10);

  await answer.getByRole("button", { name: /^Show all/ }).click();
  await answer.getByRole("button", { name: "Show less" }).scrollIntoViewIfNeeded();
  await eventually(() => speaker.evaluate(isInSight)).toBe(true);
});

test("the panel shows messages, attributes to filter, events and the raw span; a long value opens and is copied whole", async () => {
  await using opened = await openPage(browser, app);
  const { page, open } = opened;
  await open(`${TRACE}?span=${wordSpanId("talk", "tool")}`);
  const expand = panel(page).getByRole("button", { name: /^Show all/ });
  await expand.click();
  await panel(page).getByText("x".repeat(6_000)).waitFor();
  await panel(page).getByRole("button", { name: "Copy result" }).click();
  await eventually(() => page.evaluate(() => navigator.clipboard.readText())).toBe(RESULT);

  await panel(page).getByRole("tab", { name: "Attributes" }).click();
  await panel(page).getByRole("textbox", { name: "Filter attributes" }).fill("WERT");
  await eventually(() => panel(page).locator("dt").allTextContents()).toContain("my.attribute");
  expect(await panel(page).getByText("service", { exact: true }).count()).toBe(0);

  await panel(page)
    .getByRole("tab", { name: /^Events/ })
    .click();
  await panel(page).getByText("cache miss").waitFor();
  await eventually(() => panel(page).textContent()).toContain("+5 ms");
  await panel(page).getByRole("tab", { name: "Raw" }).click();
  await panel(page).getByText('"wert ✓"').waitFor();
  await eventually(() => new URL(page.url()).searchParams.get("tab")).toBe("raw");
});

test("the tree shows each fact once, and says where the sender gave none", async () => {
  await using opened = await openPage(browser, app);
  const { page, open } = opened;
  await open(`${TRACE}?view=tree`);
  const tool = tree(page).locator(`[data-span="${wordSpanId("talk", "tool")}"]`);
  await eventually(() => tool.getByRole("gridcell").allTextContents()).toEqual(["Tool:execute_tool find_city", "", "–", "–", "20 ms"]);
});

test("the axis of the waterfall counts in round steps, and knows a trace that took no time", async () => {
  await storeSpans(app.clickhouse, [aSpan({ trace: "moment", name: "no time", atMs: startMs, lastsMs: 0 })]);
  await using opened = await openPage(browser, app);
  const { page, open } = opened;
  const marks = page.getByRole("columnheader", { name: "Time since the start" }).locator("span");
  await open(TRACE);
  await eventually(() => marks.allTextContents()).toEqual(["0", "200 ms", "400 ms", "600 ms", "800 ms"]);
  await open(`/traces/${traceIdOf("moment")}`);
  await eventually(() => marks.allTextContents()).toEqual(["0"]);
});

test("the decision log tells whether its chain holds", async () => {
  await using opened = await openPage(browser, app);
  const { page, open } = opened;
  await open(TRACE);
  const log = page.getByRole("region", { name: "Decision log" });
  await log.getByText("Chain verified").waitFor();
  await log.getByRole("button", { name: "Details of decision 1" }).click();
  await log.getByText('"größe"').waitFor();
  await open(`/traces/${traceIdOf("older")}`);
  await page.getByText(/Chain broken at 1/).waitFor();
});

test("brackets go to the neighbours in the list, search finds spans, X shows errors alone", async () => {
  await using opened = await openPage(browser, app);
  const { page, open } = opened;
  await open(TRACE);
  await page.getByRole("link", { name: /^Next trace/ }).waitFor();
  await page.keyboard.press("/");
  await page.keyboard.type("FIND_CITY");
  await page.keyboard.press("Enter");
  await eventually(() => selectedRow(page).getAttribute("data-span")).toBe(wordSpanId("talk", "tool"));
  // The URL is updated a moment later; leaving the page before that would bring it back.
  await page.waitForURL(/[?&]span=/);
  await page.keyboard.press("Escape");
  await page.keyboard.press("x");
  await eventually(() => tree(page).getAttribute("aria-rowcount")).toBe("2");
  await page.keyboard.press("]");
  await page.getByRole("heading", { level: 1, name: "an older trace" }).waitFor();
  await page.getByRole("link", { name: /^Previous trace/ }).waitFor();
  await page.keyboard.press("[");
  await page.getByRole("heading", { level: 1, name: "Größe 42" }).waitFor();
});

test("Escape in the search leaves the field and stays on the page", async () => {
  await using opened = await openPage(browser, app);
  const { page, open } = opened;
  await open(TRACE);
  await page.getByRole("link", { name: /^Next trace/ }).waitFor();
  await page.keyboard.press("/");
  await page.keyboard.type("FIND_CITY");
  await page.keyboard.press("Escape");
  await page.keyboard.press("3");
  await page.waitForURL(/view=conversation/);
  await eventually(() => new URL(page.url()).pathname).toBe(TRACE);
});

test("an unknown trace is reported", async () => {
  await using opened = await openPage(browser, app);
  const { page, open } = opened;
  await open(`/traces/${"0".repeat(32)}`);
  await page.getByText("This trace is not here").waitFor();
  await open("/traces/not-an-id");
  await page.getByText("a trace id is 32 hex digits").waitFor();
});

test("a span that arrives while one looks appears by itself", async () => {
  const trace = "growing";
  await storeSpans(app.clickhouse, [aSpan({ trace, id: "a", parent: "root", name: "early child", atMs: startMs + 590_000 })]);
  await using opened = await openPage(browser, app);
  const { page, open } = opened;
  await open(`/traces/${traceIdOf(trace)}`);
  await page.getByText("Root not received").first().waitFor();
  await storeSpans(app.clickhouse, [aSpan({ trace, name: "the root", atMs: startMs + 589_000, lastsMs: 2_000 })]);
  await page.getByRole("heading", { level: 1, name: "the root" }).waitFor();
});

test("conversation, selected span and decision log are updated while one looks", async () => {
  const trace = "talking";
  const said = (...words: string[]) => ({ trace, kind: "agent", outputMessages: words.map((word) => text("assistant", word)) }) as const;
  const atMs = Date.now() - Number(NOON / 1_000_000n);
  await storeSpans(app.clickhouse, [aSpan({ ...said("the first words"), name: "talk", atMs, lastsMs: 10 })]);
  await using opened = await openPage(browser, app);
  const { page, open } = opened;
  await open(`/traces/${traceIdOf(trace)}?view=conversation`);
  await conversation(page).getByText("the first words").waitFor();
  await panel(page).getByText("the first words").waitFor();

  const later = aSpan({ ...said("the second words"), kind: "llm", id: "later", parent: "root", atMs: atMs + 20, lastsMs: 5 });
  await storeSpans(app.clickhouse, [aSpan({ ...said("the last words"), name: "talk", atMs, lastsMs: 40 }), later]);
  await conversation(page).getByText("the second words").waitFor();
  await panel(page).getByText("the last words").waitFor();

  await storeDecisions(app.clickhouse, aChain(trace, [{ kind: "routed", chosen: "decided late" }]));
  await page.getByRole("region", { name: "Decision log" }).getByText("decided late").waitFor();
});

test("a decision log that comes late leaves the focus where it is", async () => {
  await using opened = await openPage(browser, app);
  const { page, open } = opened;
  let answer = (): void => undefined;
  const isAsked = new Promise<void>((resolve) => {
    answer = resolve;
  });
  await page.route(/decisions\.byTrace/, async (route) => {
    await isAsked;
    await route.continue();
  });
  await open(TRACE);
  await tree(page).focus();
  answer();
  await page.getByRole("region", { name: "Decision log" }).waitFor();
  expect(await tree(page).evaluate((grid) => grid === document.activeElement)).toBe(true);
});

test("a decision log that cannot be read is reported, and shown once it can", async () => {
  await using opened = await openPage(browser, app);
  const { page, open } = opened;
  await app.clickhouse.command({ query: "RENAME TABLE decisions TO decisions_away" });
  await open(TRACE);
  const alert = page.getByRole("alert").filter({ hasText: "The decision log cannot be shown" });
  await alert.waitFor();
  await tree(page).getByText("execute_tool find_city").waitFor();

  await app.clickhouse.command({ query: "RENAME TABLE decisions_away TO decisions" });
  await alert.getByRole("button", { name: "Try again" }).click();
  await page.getByRole("region", { name: "Decision log" }).getByText("Chain verified").waitFor();
  await eventually(() => alert.count()).toBe(0);
});

test("a trace of 10,000 spans is walked, searched and folded with few rows in the document, and its answer has no bodies", async () => {
  await storeSpans(app.clickhouse, aBigTrace("big", 10_000, startMs));
  await using opened = await openPage(browser, app);
  const { page, open } = opened;
  const answered = page.waitForResponse(/traces\.get/);
  await open(`/traces/${traceIdOf("big")}`);
  expect(await (await answered).text()).not.toContain("What was said");
  const fewRows = async () => expect(await tree(page).getByRole("row").count()).toBeLessThan(120);
  await tree(page).focus();
  await page.keyboard.press("End");
  await eventually(() => selectedRow(page).textContent()).toContain("span 9998");
  await fewRows();

  await page.keyboard.press("Home");
  await eventually(() => selectedRow(page).textContent()).toContain("big");
  await fewRows();

  await tree(page).evaluate((grid) => {
    const scroller = grid.parentElement;
    if (scroller !== null) scroller.scrollTop = scroller.scrollHeight;
  });
  await tree(page).getByText("span 9998").waitFor();
  await fewRows();

  await page.keyboard.press("w");
  await eventually(() => tree(page).getAttribute("aria-rowcount")).toBe("1002");
  await page.getByRole("textbox", { name: "Search in this trace" }).fill("span 500");
  await page.getByRole("button", { name: "Next match" }).click();
  await eventually(() => selectedRow(page).textContent()).toContain("span 500");
  await page.getByText("1/11").waitFor();
  await page.getByRole("button", { name: "Previous match" }).click();
  await eventually(() => selectedRow(page).textContent()).toContain("span 5009");
  // The parents of the matches are open again, and nothing else.
  await eventually(() => tree(page).getAttribute("aria-rowcount")).toBe("1011");
  await fewRows();
});
