import { NOON, storeSpans } from "@signalbox/db/testing";
import { traceIdOf } from "@signalbox/model";
import type { Page } from "playwright-core";
import { aBigTrace } from "./aBigTrace.ts";
import { launchBrowser } from "./browser.ts";
import { openPage } from "./consolePage.ts";
import { startTestConsole } from "./testConsole.ts";

/*
 * Opens a trace of 10,000 spans in a real browser and scrolls it from its first row to its last. Prints one line of JSON per view:
 * milliseconds until rows are on screen, bytes of the response that they came in, and the longest and the 95th percentile of frame times
 * while scrolling. Run it on a quiet machine, after a build: `node apps/web/src/testing/bigTraceBench.ts`.
 */

const SPANS = 10_000;
const SCROLL_FRAMES = 300;

/** Runs in the page: scrolls the tree to its end in equal steps, one per frame; returns the duration of each frame in milliseconds. */
async function scrollThrough(frames: number): Promise<number[]> {
  const scroller = document.querySelector("[role=treegrid]")?.parentElement;
  if (scroller === null || scroller === undefined) throw new Error("there is no tree");
  const step = (scroller.scrollHeight - scroller.clientHeight) / frames;
  const nextFrame = (): Promise<number> => new Promise((resolve) => requestAnimationFrame(resolve));
  const took: number[] = [];
  let before = await nextFrame();
  for (let frame = 1; frame <= frames; frame += 1) {
    scroller.scrollTop = frame * step;
    const now = await nextFrame();
    took.push(now - before);
    before = now;
  }
  return took;
}

async function measure(page: Page, path: string): Promise<Record<string, number>> {
  let answerBytes = 0;
  page.on("response", async (response) => {
    if (response.url().includes("traces.get")) answerBytes += (await response.body().catch(() => "")).length;
  });
  await page.goto(path, { waitUntil: "commit" });
  await page.locator("[role=treegrid] [data-span]").first().waitFor();
  const firstRowsMs = await page.evaluate(() => performance.now());
  await page.waitForLoadState("networkidle");
  const frames = (await page.evaluate(scrollThrough, SCROLL_FRAMES)).toSorted((a, b) => a - b);
  const rows = await page.locator("[role=treegrid] [role=row]").count();
  const at = (share: number): number => Math.round((frames[Math.floor((frames.length - 1) * share)] ?? 0) * 10) / 10;
  return { firstRowsMs: Math.round(firstRowsMs), answerBytes, frameMsP95: at(0.95), frameMsMax: at(1), rowsInDocument: rows };
}

await using app = await startTestConsole();
const browser = await launchBrowser();
await storeSpans(app.clickhouse, aBigTrace("big", SPANS, Date.now() - Number(NOON / 1_000_000n) - 3_600_000));
for (const view of ["waterfall", "tree"]) {
  for (const visit of ["first", "second"]) {
    await using opened = await openPage(browser, app);
    const measured = await measure(opened.page, `/traces/${traceIdOf("big")}?view=${view}`);
    process.stdout.write(`${JSON.stringify({ view, visit, ...measured })}\n`);
  }
}
await browser.close();
