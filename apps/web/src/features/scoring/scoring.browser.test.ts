import { createScoreLedger, newOutcome } from "@signalbox/db/clickhouse";
import { setScoreRule } from "@signalbox/db/prisma";
import { aSpan, NOON, storeSpans } from "@signalbox/db/testing";
import { ScoreRuleDraft, traceIdOf } from "@signalbox/model";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { barriers } from "../../testing/barriers.ts";
import { launchBrowser } from "../../testing/browser.ts";
import { openPage } from "../../testing/consolePage.ts";
import { eventually } from "../../testing/eventually.ts";
import { startTestConsole, type TestConsole } from "../../testing/testConsole.ts";

let app: TestConsole;
let browser: Browser;

const NAMES = ["one", "two", "three", "four"] as const;

beforeAll(async () => {
  browser = await launchBrowser();
  app = await startTestConsole();
  const now = Date.now();
  const atMs = now - 60_000 - Number(NOON / 1_000_000n);
  await storeSpans(
    app.clickhouse,
    NAMES.map((trace) => aSpan({ trace, atMs })),
  );
  const draft = ScoreRuleDraft.parse({
    ...{ project: "default", name: "helpful", share: 0.5 },
    scorers: [{ name: "judge", as: "helpful", options: { model: "m", rubric: "Does it help?" } }],
  });
  const rule = await setScoreRule(app.state, draft, { actor: "ann", now: new Date(now) });
  const version = { project: "default", ruleId: rule.id, version: 1 };
  const [one, two, three, four] = NAMES.map((name) => newOutcome(traceIdOf(name), "waiting", now));
  if (one === undefined || two === undefined || three === undefined || four === undefined) throw new Error("no outcome");
  await createScoreLedger(app.clickhouse).write(
    version,
    [
      { ...one, state: "scored", tries: 1, scores: { helpful: 0.75 } },
      { ...two, state: "sampled_out" },
      { ...three, tries: 2, reason: "The judge's model does not answer." },
      { ...four, state: "failed", tries: 1, reason: "helpful: no score: the judge answered outside its schema 2 times" },
    ],
    now,
  );
});

afterAll(async () => {
  await browser?.close();
  await app?.[Symbol.asyncDispose]();
});

test("a rule's counts and ledger, a new rule with a preview, and a thumb by keyboard", async () => {
  await using opened = await openPage(browser, app);
  const { page, open } = opened;
  await open("/scoring");
  const row = page.getByRole("table", { name: "Score rules" }).getByRole("row", { name: /helpful/ });
  await row.getByText("uncalibrated").waitFor();
  await eventually(async () => (await row.getByRole("cell").allTextContents()).slice(3, 8)).toEqual(["4", "1", "1", "1", "1"]);
  const found = await barriers(page);
  await row.getByRole("button", { name: "Ledger" }).click();
  await page.getByRole("table", { name: "Outcomes" }).getByText("outside its schema").waitFor();
  found.push(...(await barriers(page)));
  await page.keyboard.press("Escape");

  await page.getByRole("button", { name: "New rule" }).click();
  await page.getByLabel("Name", { exact: true }).fill("slow");
  await page.getByText("4 of the last day’s traces match: about 4 a day would be scored.").waitFor();
  found.push(...(await barriers(page)));
  await page.getByRole("button", { name: "Make the rule" }).click();
  await page.getByRole("row", { name: /slow/ }).waitFor();

  await open(`/traces/${traceIdOf("two")}`);
  await page.getByText("not scored by helpful: sampled out").waitFor();
  await page.keyboard.press("-");
  await page.getByTitle(/^thumb: 0 by person:/).waitFor();
  await page.getByRole("button", { name: "Say why" }).click();
  await page.getByLabel("Why?").fill("It did not answer.");
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Your comment: It did not answer." }).waitFor();
  found.push(...(await barriers(page)));
  await page.getByRole("button", { name: "Take the thumb down back (-)" }).click();
  await page.getByTitle(/^thumb: 0 by person:/).waitFor({ state: "detached" });
  expect(found).toEqual([]);
  expect(opened.scriptErrors).toEqual([]);
});
