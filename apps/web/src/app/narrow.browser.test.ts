import { createTrendRollups } from "@signalbox/db/clickhouse";
import { aChain, aDeadLetter, aSpan, NOON, storeDeadLetters, storeDecisions, storeScores, storeSpans } from "@signalbox/db/testing";
import { traceIdOf } from "@signalbox/model";
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchBrowser } from "../testing/browser.ts";
import { openPage } from "../testing/consolePage.ts";
import { eventually } from "../testing/eventually.ts";
import { storeWork, type Work } from "../testing/storeWork.ts";
import { startTestConsole, type TestConsole } from "../testing/testConsole.ts";

let app: TestConsole;
let browser: Browser;
let work: Work;

const atMs = Date.now() - Number(NOON / 1_000_000n) - 60_000;
const NAME = "invoke_agent airline-agent";
const TRACE = `/traces/${traceIdOf("t")}`;

const LETTER = aDeadLetter({ lastFailedAt: new Date().toISOString() });

beforeAll(async () => {
  browser = await launchBrowser();
  app = await startTestConsole();
  const session = "session-ada_fontaine_1037";
  await storeSpans(app.clickhouse, [
    aSpan({ name: NAME, kind: "agent", status: "error", atMs, lastsMs: 900, session, user: "ada_fontaine_1037", tags: ["demo"] }),
    ...["understand", "search_memory", "execute_tool get_reservation_details"].map((name, index) =>
      aSpan({ id: name, parent: "root", name, kind: "tool", atMs: atMs + index * 200, lastsMs: 150 }),
    ),
  ]);
  await storeDeadLetters(app.state, [LETTER]);
  work = await storeWork(app, "default");
  await createTrendRollups(app.clickhouse).catchUp();
  await storeDecisions(app.clickhouse, aChain("t", [{ kind: "routed", chosen: "rules", reason: "the task names its domain" }, {}]));
  const score = { project: "default", traceId: traceIdOf("t"), spanId: null, label: "", explanation: "", scorer: "rules" };
  const values = { reward: 0, outputs: 1, actions: 1 };
  await storeScores(
    app.clickhouse,
    Object.entries(values).map(([name, value]) => ({ ...score, name, value, time: new Date().toISOString() })),
  );
});

afterAll(async () => {
  await browser?.close();
  await app?.[Symbol.asyncDispose]();
});

/** What must be there before a screen is looked at. */
const SCREENS = [
  { path: "/traces", wait: `text=${NAME}` },
  { path: TRACE, wait: "[role=tabpanel]" },
  { path: `${TRACE}?view=tree`, wait: "[role=tabpanel]" },
  { path: "/sessions", wait: "[role=gridcell] a" },
  { path: "/sessions/session-ada_fontaine_1037", wait: "article" },
  { path: "/users", wait: "[role=gridcell] a" },
  { path: "/users/ada_fontaine_1037", wait: "[aria-label='Latest traces'] a" },
  { path: "/dead-letters", wait: "[role=gridcell] a" },
  { path: `/dead-letters/groups/${LETTER.fingerprint}`, wait: "[role=gridcell] a" },
  { path: `/dead-letters/letters/${LETTER.id}`, wait: "text=Chain verified" },
  { path: "/reconciliation", wait: "text=By source" },
  { path: "/trends", wait: "[role=slider]" },
  { path: "/status", wait: "text=Decisions" },
  { path: "/dead-letters?kind=ingest", wait: "text=The span has no trace id" },
  { path: "/datasets", wait: "[role=gridcell] a" },
  { path: "/datasets/trips", wait: "text=I want a window seat" },
  { path: "/datasets/trips/diff?before=1", wait: "del" },
  { path: "/datasets/trips/items/rome", wait: "text=Oslo" },
  { path: "/datasets/nowhere", wait: "text=has no dataset" },
  { path: "/evals", wait: "[role=gridcell] a" },
];

/** Those of what is stored by then. */
const screensOf = ({ taskId, replays: [a = "", b = ""], batch, runs, letter }: Work) => [
  { path: "/dead-letters/rules", wait: "role=table[name='Redrive rules']" },
  { path: `/replays/batches/${batch}`, wait: "[role=gridcell] a" },
  { path: `/dead-letters/letters/${letter}`, wait: "text=Where it is" },
  { path: `/tasks/${taskId}?step=6`, wait: "text=Answered" },
  { path: `/replays/${a}`, wait: "text=At step 6, step.output" },
  { path: `/replays/compare?a=${a}&b=${b}`, wait: "text=They part at step 6" },
  { path: `/evals/${runs[1]}`, wait: "[role=gridcell]" },
  { path: `/evals/compare?runs=${runs.join()}`, wait: "text=order-0" },
];

const overhang = (page: Page) => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

/** Runs in the page: whether an element's text is cut. */
const isCut = (element: Element): boolean => element.scrollWidth > element.clientWidth;

const boxOf = async (locator: Locator) => (await locator.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };

for (const width of [375, 768]) {
  test(`no screen is wider than a window of ${width} pixels`, async () => {
    await using opened = await openPage(browser, app);
    const { page, open } = opened;
    await page.setViewportSize({ width, height: 800 });
    const overhanging: Record<string, number> = {};
    for (const { path, wait } of [...SCREENS, ...screensOf(work)]) {
      await open(path);
      await page.locator(wait).first().waitFor();
      const pixels = await overhang(page);
      if (pixels > 0) overhanging[path] = pixels;
    }
    expect(overhanging).toEqual({});
  });
}

test("a narrow trace lies one pane below the other, its title and decisions can be read", async () => {
  await using opened = await openPage(browser, app);
  const { page, open } = opened;
  await page.setViewportSize({ width: 375, height: 800 });
  await open(TRACE);
  const panel = page.getByRole("region", { name: "Selected span" });
  await panel.waitFor();
  const tree = page.getByRole("treegrid");
  await eventually(async () => (await boxOf(tree)).width).toBe(375);
  expect((await boxOf(panel)).y).toBeGreaterThan((await boxOf(tree)).y);
  expect((await boxOf(panel)).width).toBe(375);
  expect(await page.getByRole("heading", { level: 1 }).evaluate(isCut)).toBe(false);

  const marks = await page.getByRole("columnheader", { name: "Time since the start" }).locator("span").all();
  const boxes = await Promise.all(marks.map(boxOf));
  for (const [index, box] of boxes.slice(1).entries()) expect(box.x).toBeGreaterThan((boxes[index]?.x ?? 0) + (boxes[index]?.width ?? 0));

  const log = page.getByRole("region", { name: "Decision log" });
  expect(await log.evaluate(isCut)).toBe(false);
  await log.getByRole("button", { name: "Details of decision 0" }).click();
  await log.getByText("the task names its domain").filter({ visible: true }).waitFor();
});

test("a list of middle width shows scores whole", async () => {
  await using opened = await openPage(browser, app);
  const { page, open } = opened;
  await page.setViewportSize({ width: 768, height: 800 });
  await open("/traces");
  const chip = page.getByText("1 of 3 failed");
  await chip.waitFor();
  const { x, width } = await boxOf(chip);
  expect(x + width).toBeLessThanOrEqual(768 - 16);
});
