import { storeJudgeCalibration } from "@signalbox/db/annotations";
import { storeDecisions, storeScores } from "@signalbox/db/testing";
import { EMPTY_CHAIN, sealDecision, traceIdOf } from "@signalbox/model";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { barriers } from "../../testing/barriers.ts";
import { launchBrowser } from "../../testing/browser.ts";
import { openPage } from "../../testing/consolePage.ts";
import { startTestConsole, type TestConsole } from "../../testing/testConsole.ts";

let app: TestConsole;
let browser: Browser;

const TRACES = 120;
const SERVICE = "understanding-of-what-passengers-of-the-airline-ask-for";
const JUDGE = "judge:a-model-with-a-very-long-name-that-somebody-chose/2026-11-27:5f3a9c0de1b24c77";

beforeAll(async () => {
  browser = await launchBrowser();
  app = await startTestConsole();
  const now = Date.now();
  const at = (index: number): string => new Date(now - 60_000 * (1 + index * 10)).toISOString();
  const traces = Array.from({ length: TRACES }, (_, index) => traceIdOf(`t${index}`));
  const sure = (index: number): number => 0.3 + ((index * 37) % 70) / 100;
  await storeDecisions(
    app.clickhouse,
    traces.map((traceId, index) =>
      sealDecision(EMPTY_CHAIN, {
        ...{ project: "default", taskId: traceId, kind: "understood", time: at(index), attempt: 1, traceId, spanId: null },
        ...{ actor: { service: SERVICE, version: "1" }, chosen: "refund", confidence: sure(index), reason: "", detail: {} },
      }),
    ),
  );
  const score = { project: "default", spanId: null, label: "", explanation: "" };
  await storeScores(
    app.clickhouse,
    traces.flatMap((traceId, index) => [
      { ...score, traceId, name: "reward", value: (index * 53) % 100 < sure(index) * 80 ? 1 : 0, scorer: "rules", time: at(index) },
      { ...score, traceId, name: "helpful", value: index % 3 === 0 ? 0 : 1, scorer: JUDGE, time: at(index) },
      { ...score, traceId, name: "tone", value: 1, scorer: "judge:other", time: at(index) },
    ]),
  );
  const share = (value: number) => ({ value, lower: value - 0.12, upper: value + 0.07 });
  await storeJudgeCalibration(
    app.state,
    {
      ...{ project: "default", scoreName: "helpful", judge: JUDGE, labelSet: "helpful", labels: 100, madeBy: "ann" },
      record: {
        counts: { truePasses: 61, falseFails: 7, trueFails: 24, falsePasses: 8 },
        ...{ kappa: share(0.65), sensitivity: share(0.9), specificity: share(0.75), judged: TRACES },
        corrected: { raw: 0.67, powered: { estimate: 0.64, lower: 0.57, upper: 0.71 }, byErrors: null },
      },
    },
    new Date(),
  );
});

afterAll(async () => {
  await browser?.close();
  await app?.[Symbol.asyncDispose]();
});

const overhang = (page: Page) => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

for (const theme of ["light", "dark"] as const)
  test(`charts, their tables and judges are accessible and fit a narrow window, ${theme}`, async () => {
    await using opened = await openPage(browser, app, theme);
    const { page, open } = opened;
    const found: string[] = [];
    for (const width of [1_440, 375]) {
      await page.setViewportSize({ width, height: 900 });
      await open("/calibration");
      await page.getByRole("img", { name: "Reliability of understood" }).waitFor();
      await page.getByRole("table", { name: "What people and judge said" }).waitFor();
      found.push(...(await barriers(page)));
      await page.getByRole("button", { name: "Tables" }).click();
      await page.getByRole("table", { name: "Reliability of understood" }).waitFor();
      found.push(...(await barriers(page)));
      expect(await overhang(page)).toBe(0);
    }
    await open("/calibration?project=nobody");
    await page.getByText("No decision of this time says how sure it was").waitFor();
    found.push(...(await barriers(page)));
    expect(found).toEqual([]);
    expect(opened.scriptErrors).toEqual([]);
  });
