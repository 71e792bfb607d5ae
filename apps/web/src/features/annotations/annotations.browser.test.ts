import { labelAnnotationItem, listAnnotations, requireAnnotationQueueNamed } from "@signalbox/db/annotations";
import { aSpan, NOON, storeSpans } from "@signalbox/db/testing";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { barriers } from "../../testing/barriers.ts";
import { launchBrowser } from "../../testing/browser.ts";
import { openPage } from "../../testing/consolePage.ts";
import { eventually } from "../../testing/eventually.ts";
import { startTestConsole, type TestConsole } from "../../testing/testConsole.ts";

let app: TestConsole;
let browser: Browser;

const TALKS = [
  ["first", "May I bring my dog?", "Small dogs fly in the cabin."],
  ["second", "I want my money back.", "No."],
  ["third", "Is there a meal?", "There is, on flights of more than three hours."],
] as const;

beforeAll(async () => {
  browser = await launchBrowser();
  app = await startTestConsole();
  const text = (role: string, content: string) => [{ role, parts: [{ type: "text" as const, content }] }];
  const spans = TALKS.map(([trace, asked, answered], index) => ({
    ...aSpan({ trace, name: `talk ${trace}`, kind: "llm", atMs: Date.now() - Number(NOON / 1_000_000n) - 60_000 * (index + 1) }),
    ...{ inputMessages: text("user", asked), outputMessages: text("assistant", answered) },
  }));
  await storeSpans(app.clickhouse, spans);
});

afterAll(async () => {
  await browser?.close();
  await app?.[Symbol.asyncDispose]();
});

test("traces are selected, queued, labelled, undone, skipped and settled, by keyboard alone", async () => {
  await using opened = await openPage(browser, app);
  const { page, open } = opened;
  const { keyboard } = page;
  const found: string[] = [];
  await open("/traces");
  await page.getByRole("grid", { name: "Traces" }).getByText("talk third").waitFor();
  for (const key of ["j", "x", "j", "x", "j", "x"]) await keyboard.press(key);
  await page.getByText("3 selected").waitFor();
  found.push(...(await barriers(page)));
  await keyboard.press("a");
  await page.getByRole("textbox", { name: "Name" }).fill("politeness");
  await page.getByRole("textbox", { name: "Question" }).fill("Was the answer polite?");
  await page.getByRole("textbox", { name: "People for each trace" }).fill("2");
  found.push(...(await barriers(page)));
  await keyboard.press("Enter");
  await page.getByText("3 traces added to politeness.").waitFor();
  await page.getByRole("link", { name: "Label them" }).click();

  const queue = await requireAnnotationQueueNamed(app.state, "default", "politeness");
  const said = async () =>
    (await listAnnotations(app.state, queue.id, 100)).map(({ person, state, label, note }) => [person, state, label, note]);
  await page.getByRole("button", { name: "Label under another name" }).click();
  await page.getByRole("textbox", { name: "Your name" }).fill("ann");
  await keyboard.press("Enter");
  await page.getByText("Small dogs fly in the cabin.").waitFor();
  found.push(...(await barriers(page)));
  await keyboard.press("2");
  await keyboard.press("n");
  await keyboard.type("too short");
  await keyboard.press("Enter");
  await page.getByText("I want my money back.").waitFor();
  await eventually(said).toEqual([["ann", "labelled", "fail", "too short"]]);
  await keyboard.press("u");
  await page.getByText("Small dogs fly in the cabin.").waitFor();
  await eventually(() => page.getByRole("textbox", { name: "Note" }).inputValue()).toBe("too short");
  await keyboard.press("1");
  await keyboard.press("Enter");
  await page.getByText("I want my money back.").waitFor();
  await keyboard.press("s");
  await keyboard.type("not mine");
  await keyboard.press("Enter");
  await page.getByText("Is there a meal?").waitFor();
  await keyboard.press("1");
  await keyboard.press("Enter");
  await page.getByText("Nothing is left for you in this queue").waitFor();
  const [own, skipped] = [
    ["ann", "labelled", "pass", "too short"],
    ["ann", "skipped", null, "not mine"],
  ];
  await eventually(said).toEqual([own, skipped, ["ann", "labelled", "pass", ""]]);
  found.push(...(await barriers(page)));

  const itemId = (await app.state.annotationItemRow.findFirstOrThrow({ where: { queueId: queue.id, position: 1 } })).id;
  await labelAnnotationItem(app.state, queue, { itemId, person: "bob", value: 0, note: "curt", now: new Date() });
  await page.reload();
  await page.getByRole("button", { name: "Disagreements (1)" }).waitFor();
  await keyboard.press("d");
  await page.getByText("curt").waitFor();
  found.push(...(await barriers(page)));
  await keyboard.press("2");
  await page.getByText("settled: fail, by ann").waitFor();
  await keyboard.press("Escape");
  await page.getByRole("grid", { name: "Annotation queues" }).getByText("1 of 3").waitFor();
  found.push(...(await barriers(page)));
  expect(found).toEqual([]);
  expect(opened.scriptErrors).toEqual([]);
});
