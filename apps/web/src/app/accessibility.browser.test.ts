import { createTrendRollups } from "@signalbox/db/clickhouse";
import { createApiKey, createProject } from "@signalbox/db/prisma";
import {
  aChain,
  aDeadLetter,
  aSpan,
  NOON,
  storeDeadLetters,
  storeDecisions,
  storeScores,
  storeSpans,
  wordSpanId,
} from "@signalbox/db/testing";
import { NewApiKey, NewProject, traceIdOf } from "@signalbox/model";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchBrowser } from "../testing/browser.ts";
import { openPage } from "../testing/consolePage.ts";
import { eventually } from "../testing/eventually.ts";
import { judgeScreens, type Screen } from "../testing/judgeScreens.ts";
import { startTestConsole, type TestConsole } from "../testing/testConsole.ts";

let app: TestConsole;
let browser: Browser;

const startMs = Date.now() - Number(NOON / 1_000_000n) - 60_000;

const LETTER = aDeadLetter({ lastFailedAt: new Date().toISOString() });

beforeAll(async () => {
  browser = await launchBrowser();
  app = await startTestConsole();
  await storeSpans(app.clickhouse, [
    aSpan({ name: "task", kind: "task", atMs: startMs, session: "s", tags: ["a"], user: "u" }),
    aSpan({
      id: "llm",
      parent: "root",
      kind: "llm",
      model: "m",
      atMs: startMs,
      usage: { input: 10, output: 2, cached: null, reasoning: null },
      inputMessages: ["system", "user", "someone"].map((role) => ({ role, parts: [{ type: "text", content: "words ".repeat(900) }] })),
      outputMessages: [{ role: "assistant", parts: [{ type: "tool_call", id: "c", name: "f", arguments: { a: [1, true, "x"] } }] }],
    }),
    ...(["agent", "tool", "retriever", "guardrail", "evaluator", "embedding"] as const).map((kind) =>
      aSpan({ id: kind, parent: "root", kind, atMs: startMs + 5, status: kind === "tool" ? "error" : "ok" }),
    ),
    aSpan({ trace: "failed", name: "failed", status: "error", atMs: startMs }),
    aSpan({ trace: "rootless", id: "a", parent: "b", atMs: startMs }),
  ]);
  await createProject(app.state, NewProject.parse({ name: "shop", environments: ["production", "staging"] }), new Date());
  await createApiKey(app.state, NewApiKey.parse({ project: "shop", name: "for everything", kind: "pair", scopes: ["admin"] }), new Date());
  await storeDeadLetters(app.state, [LETTER]);
  await createTrendRollups(app.clickhouse).catchUp();
  await storeDecisions(app.clickhouse, aChain("t", [{ reason: "because" }, { spanId: wordSpanId("t", "llm") }]));
  const score = { project: "default", traceId: traceIdOf("t"), spanId: null, explanation: "", scorer: "s", time: new Date().toISOString() };
  await storeScores(app.clickhouse, [
    { ...score, name: "pass", value: 1, label: "" },
    { ...score, name: "fail", value: 0, label: "fail" },
    { ...score, name: "half", value: 0.5, label: "" },
  ]);
});

afterAll(async () => {
  await browser?.close();
  await app?.[Symbol.asyncDispose]();
});

const TRACE = `/traces/${traceIdOf("t")}?span=${wordSpanId("t", "llm")}`;

/** Every screen of telemetry, dead letters and the console itself, in its states. */
const SCREENS: readonly Screen[] = [
  { name: "trace list", path: "/traces", wait: "text=failed" },
  { name: "trace list, filtered", path: "/traces?status=error&minMs=1", wait: "text=failed" },
  { name: "filters with values", path: "/traces?tag=a&without=user:z", wait: "[role=group][aria-label=Status] li" },
  { name: "saved views", path: "/traces", wait: "text=failed", press: "v" },
  { name: "sessions", path: "/sessions", wait: "[role=gridcell] a" },
  { name: "no sessions", path: "/sessions?q=nobody", wait: "text=No session id contains" },
  { name: "session", path: "/sessions/s", wait: "article" },
  { name: "session not there", path: "/sessions/nobody", wait: "text=This session is not here" },
  { name: "users", path: "/users", wait: "[role=gridcell] a" },
  { name: "user", path: "/users/u", wait: "[aria-label='Latest traces'] a" },
  { name: "user not there", path: "/users/nobody", wait: "text=No trace of this user" },
  { name: "time range", path: "/traces", wait: "text=failed", press: "t" },
  { name: "nothing matches", path: "/traces?model=none&name=none", wait: "text=No trace matches" },
  { name: "waterfall", path: TRACE, wait: "[role=tabpanel] article" },
  { name: "tree", path: `${TRACE}&view=tree`, wait: "[role=tabpanel] article" },
  { name: "conversation", path: `${TRACE}&view=conversation`, wait: "[role=log] [data-index]" },
  { name: "attributes", path: `${TRACE}&tab=attributes`, wait: "[role=tabpanel] dl" },
  { name: "raw span", path: `${TRACE}&tab=raw`, wait: "[role=tabpanel] pre" },
  { name: "not stored", path: `/traces/${"0".repeat(32)}`, wait: "text=This trace is not here" },
  { name: "dead letters", path: "/dead-letters", wait: "[role=gridcell] a" },
  { name: "dead letters as a table", path: "/dead-letters?view=table", wait: "table[aria-label='Letters over time']" },
  { name: "no dead letters", path: "/dead-letters?state=discarded", wait: "text=No discarded dead letters" },
  { name: "dead letters of nothing", path: "/dead-letters?q=none", wait: "text=No dead letter matches" },
  { name: "group of dead letters", path: `/dead-letters/groups/${LETTER.fingerprint}`, wait: "[role=gridcell] a" },
  { name: "group not there", path: "/dead-letters/groups/none", wait: "text=This group is not here" },
  { name: "dead letter", path: `/dead-letters/letters/${LETTER.id}`, wait: "text=Chain verified" },
  { name: "task", path: `/tasks/${LETTER.taskId}?step=d0`, wait: "[role=slider], input[type=range]" },
  { name: "task not there", path: `/tasks/${LETTER.id}`, wait: "text=This task is not here" },
  { name: "fork", path: `/tasks/${LETTER.taskId}`, wait: "text=Nobody replayed this task", press: "y" },
  { name: "replay not there", path: `/replays/${LETTER.id}`, wait: "text=This replay is not here" },
  { name: "replays of nothing", path: "/replays/compare", wait: "text=Two replays are needed" },
  { name: "status", path: "/status", wait: "text=Decisions" },
  { name: "reconciliation", path: "/reconciliation", wait: "text=By source" },
  { name: "reconciliation as a table", path: "/reconciliation?view=table", wait: "text=By source" },
  { name: "reconciliation of nothing", path: "/reconciliation?project=shop", wait: "text=Nothing came in" },
  { name: "trends", path: "/trends", wait: "[role=slider]" },
  { name: "trends as tables", path: "/trends?tables=volume,latency", wait: "table[aria-label^=Traces]" },
  { name: "trends of nothing", path: "/trends?project=shop", wait: "text=Send a first trace" },
  { name: "shortcuts", path: "/status", wait: "text=Decisions", press: "?" },
  { name: "palette", path: "/status", wait: "text=Decisions", press: "Control+k" },
  { name: "projects", path: "/projects?project=shop", wait: "text=for everything" },
  { name: "projects without keys", path: "/projects", wait: "text=No keys yet" },
  { name: "project not there", path: "/projects?project=nowhere", wait: "text=There is no project nowhere" },
  { name: "new key", path: "/projects?project=shop", wait: "text=for everything", press: "a" },
  { name: "no page", path: "/nowhere", wait: "text=There is no page here" },
];

test("no screen has accessibility violations, light or dark", async () => {
  await using opened = await openPage(browser, app);
  expect(await judgeScreens(opened, SCREENS)).toEqual({});
  expect(opened.scriptErrors).toEqual([]);
});

test("the chosen theme is applied before the first paint", async () => {
  await using opened = await openPage(browser, app, "light");
  const { page, open } = opened;
  await open("/status");
  await page.getByRole("button", { name: "Theme and time" }).click();
  await page.getByRole("menuitemradio", { name: "Dark" }).click();
  await eventually(() => page.locator("html").getAttribute("data-theme")).toBe("dark");
  await page.reload({ waitUntil: "commit" });
  await page.waitForSelector("body", { state: "attached" });
  await eventually(() => page.locator("html").getAttribute("data-theme")).toBe("dark");
});

test("the navigation is hidden by its key, and stays so in this browser", async () => {
  await using opened = await openPage(browser, app);
  const { page, open } = opened;
  const screens = page.getByRole("navigation", { name: "Screens" });
  await open("/status");
  await page.locator("text=Decisions").first().waitFor();
  await screens.waitFor();
  await page.keyboard.press("z");
  await screens.waitFor({ state: "detached" });
  await page.reload();
  await page.getByRole("button", { name: "Show the screens" }).click();
  await screens.getByRole("link", { name: "Traces" }).waitFor();
  expect(opened.scriptErrors).toEqual([]);
});

test("times can be shown in UTC", async () => {
  await using opened = await openPage(browser, app);
  const { page, open } = opened;
  await open("/traces");
  await page.locator("text=failed").first().waitFor();
  await eventually(() => page.locator("time").first().textContent()).toMatch(/ago$/);
  await page.getByRole("button", { name: "Theme and time" }).click();
  await page.getByRole("menuitemradio", { name: "UTC" }).click();
  const iso = (await page.locator("time").first().getAttribute("datetime")) ?? "";
  await eventually(() => page.locator("time").first().textContent()).toContain(iso.slice(11, 19));
});
