import { writeDataset } from "@signalbox/db/prisma";
import { aSpan, NOON, storeSpans } from "@signalbox/db/testing";
import { type DatasetChange, DatasetItemContent, traceIdOf } from "@signalbox/model";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { barriers } from "../../testing/barriers.ts";
import { launchBrowser } from "../../testing/browser.ts";
import { openPage } from "../../testing/consolePage.ts";
import { eventually } from "../../testing/eventually.ts";
import { startTestConsole, type TestConsole } from "../../testing/testConsole.ts";

let app: TestConsole;
let browser: Browser;

const TRACE = traceIdOf("t");

const put = (id: string, input: unknown, more: object = {}): DatasetChange => ({
  ...{ kind: "put", id },
  content: DatasetItemContent.parse({ input, ...more }),
});

const write = (changes: DatasetChange[], note: string) =>
  writeDataset(app.state, {
    ...{ project: "default", name: "trips", changes: [changes], create: true, duplicates: "refuse", note, actor: "ann", now: new Date() },
  });

beforeAll(async () => {
  browser = await launchBrowser();
  app = await startTestConsole();
  const text = (role: string, content: string) => [{ role, parts: [{ type: "text" as const, content }] }];
  const atMs = Date.now() - Number(NOON / 1_000_000n) - 60_000;
  const said = { inputMessages: text("user", "May I bring my dog?"), outputMessages: text("assistant", "Small dogs fly in the cabin.") };
  await storeSpans(app.clickhouse, [{ ...aSpan({ name: "chat", kind: "llm", atMs }), ...said }]);
  await write(
    [
      put("rome", "Book me a flight to Rome on Monday.", { expectedOutput: { city: "Rome" }, split: "dev", metadata: { by: "ann" } }),
      put("seat", "I want a window seat.", { expectedToolCalls: [{ name: "change_seat", arguments: { kind: "window" } }], split: "test" }),
      put("late", "My flight is late.", { split: "test" }),
    ],
    "imported",
  );
  await write([put("rome", "Book me a flight to Oslo on Monday.", { expectedOutput: { city: "Oslo" }, split: "dev" })], "another city");
});

afterAll(async () => {
  await browser?.close();
  await app?.[Symbol.asyncDispose]();
});

test("a person browses a dataset, compares two versions, edits an item and keeps a trace, by keyboard alone", async () => {
  await using opened = await openPage(browser, app);
  const { page, open } = opened;
  const { keyboard } = page;
  const found: string[] = [];
  await open("/status");
  await page.getByRole("heading", { level: 1 }).waitFor();
  await keyboard.press("g");
  await keyboard.press("d");
  await page.getByRole("grid", { name: "Datasets" }).getByText("another city").waitFor();
  found.push(...(await barriers(page)));
  await keyboard.press("j");
  await keyboard.press("Enter");
  const items = page.getByRole("grid", { name: "Items of trips, version 2" });
  await items.getByText("My flight is late.").waitFor();
  found.push(...(await barriers(page)));

  await keyboard.press("o");
  await page.getByRole("heading", { name: "trips: two versions" }).waitFor();
  await page.locator("del", { hasText: "Rome" }).first().waitFor();
  await eventually(() => page.locator("ins", { hasText: "Oslo" }).count()).toBe(2);
  found.push(...(await barriers(page)));
  await keyboard.press("Escape");

  await items.waitFor();
  await keyboard.press("/");
  await keyboard.type("window seat");
  await keyboard.press("Enter");
  await items.getByText("My flight is late.").waitFor({ state: "detached" });
  await items.getByText("I want a window seat.").waitFor();
  await keyboard.press("Escape");
  await keyboard.press("j");
  await keyboard.press("Enter");
  await page.getByRole("heading", { level: 1, name: "Item seat" }).waitFor();
  found.push(...(await barriers(page)));
  await keyboard.press("u");
  await eventually(() => page.evaluate(() => document.activeElement?.tagName)).toBe("TEXTAREA");
  await keyboard.press("Control+a");
  await keyboard.insertText('{"expectedOutput":"a seat"}');
  await page.getByRole("alert", { name: "What is wrong with the item" }).getByText("is missing").waitFor();
  await keyboard.press("Control+a");
  await keyboard.insertText('{"input":"I want an aisle seat.","split":"test"}');
  await keyboard.press("Tab");
  await keyboard.type("aisle");
  found.push(...(await barriers(page)));
  await keyboard.press("Enter");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await page.getByText("I want an aisle seat.").waitFor();
  await page.getByText("trips, version 3").waitFor();
  await page.getByRole("button", { name: "Remove" }).click();
  await page.getByText("Version 4 will be without it. Version 3 keeps it.").waitFor();
  await page.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
  const left = page.getByRole("grid", { name: "Items of trips, version 4" });
  await left.getByText("My flight is late.").waitFor();
  await eventually(() => left.getByText("seat").count()).toBe(0);
  await keyboard.press("i");
  await eventually(() => page.getByRole("textbox", { name: "Item" }).inputValue()).toContain('"input": ""');
  await eventually(() => page.getByRole("button", { name: "Make version 5" }).isDisabled()).toBe(true);
  await keyboard.press("Control+a");
  await keyboard.insertText('{"input":"My flight is late.","split":"test"}');
  await keyboard.press("Tab");
  await keyboard.press("Enter");
  await page.getByRole("dialog").getByRole("alert").getByText("late").waitFor();
  await keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });

  await open(`/traces/${TRACE}`);
  await page.getByRole("button", { name: "Add to a dataset (S)" }).waitFor();
  await keyboard.press("s");
  await eventually(() => page.getByRole("textbox", { name: "Item" }).inputValue()).toContain("May I bring my dog?");
  await keyboard.type("dogs");
  found.push(...(await barriers(page)));
  await keyboard.press("Enter");
  await page.getByRole("grid", { name: "Items of dogs, version 1" }).getByText("May I bring my dog?").waitFor();
  await open("/datasets/trips?version=9");
  await page.getByText("Dataset trips has no version 9.").waitFor();
  await open("/datasets?project=nowhere");
  await page.getByText("Project nowhere has no datasets").waitFor();
  expect(found).toEqual([]);
  expect(opened.scriptErrors).toEqual([]);
});

test("a person makes a dataset from a file, whose wrong line is reported, and an empty one that gets its first item", async () => {
  await using opened = await openPage(browser, app);
  const { page, open } = opened;
  await open("/datasets");
  await page.getByRole("button", { name: "New dataset" }).click();
  await page.getByLabel("Name").fill("weather");
  await page.getByLabel("About").fill("what people ask about it");
  const file = (name: string, text: string) => ({ name, mimeType: "text/plain", buffer: Buffer.from(text) });
  await page.getByLabel("Items").setInputFiles(file("weather.jsonl", '{"input":"Rome?"}\n{"expectedOutput":"rain"}\n'));
  const make = page.getByRole("button", { name: "Make dataset" });
  await make.click();
  await page.getByRole("alert").getByText("weather.jsonl, line 2: input is missing").waitFor();
  const found = await barriers(page);
  await page.getByLabel("Items").setInputFiles(file("weather.csv", "input,expectedOutput\nRome?,sun\nOslo?,rain\n"));
  await make.click();
  await page.getByRole("grid", { name: "Items of weather, version 1" }).getByText("Oslo?").waitFor();
  await page.getByText("what people ask about it").waitFor();

  await open("/datasets");
  await page.getByRole("button", { name: "New dataset" }).click();
  await page.getByLabel("Name").fill("later");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "later has no items yet" }).waitFor();
  found.push(...(await barriers(page)));
  await page.keyboard.press("i");
  await page.getByRole("textbox", { name: "Item" }).fill('{"input":"the first"}');
  await page.getByRole("button", { name: "Make version 1" }).click();
  await page.getByRole("grid", { name: "Items of later, version 1" }).getByText("the first").waitFor();
  expect(found).toEqual([]);
  expect(opened.scriptErrors).toEqual([]);
});

test("several traces are chosen with Shift, all and by keyboard, and added to a dataset that says which it has already", async () => {
  const text = (role: string, content: string) => [{ role, parts: [{ type: "text" as const, content }] }];
  const atMs = Date.now() - Number(NOON / 1_000_000n) - 120_000;
  const asked = ["May I bring my cat?", "May I bring my bird?", "May I bring my cat?", "May I bring my fish?"];
  await storeSpans(app.clickhouse, [
    ...asked.map((question, index) => ({
      ...aSpan({ trace: `pet ${index}`, name: `pet ${index}`, tags: ["pets"], kind: "llm", atMs: atMs - index * 1_000 }),
      inputMessages: text("user", question),
      outputMessages: text("assistant", "Yes."),
    })),
    aSpan({ trace: "pet silent", name: "pet silent", tags: ["pets"], atMs: atMs - 4_000 }),
  ]);
  await using opened = await openPage(browser, app);
  const { page, open } = opened;
  const { keyboard } = page;
  await open("/traces?tag=pets");
  const grid = page.getByRole("grid", { name: "Traces" });
  const box = (name: string) => grid.getByRole("checkbox", { name, exact: true });
  const selected = page.getByRole("status").filter({ hasText: "selected" });
  await box("Select pet 0").click();
  await selected.getByText("1 selected").waitFor();
  await box("Select pet 2").click({ modifiers: ["Shift"] });
  await selected.getByText("3 selected").waitFor();
  await box("Select all 5 that are loaded").click();
  await selected.getByText("5 selected").waitFor();
  const found = await barriers(page);
  await keyboard.press("Control+a");
  await selected.waitFor({ state: "detached" });

  await grid.focus();
  await keyboard.press("Home");
  await keyboard.press("Shift+ArrowDown");
  await keyboard.press("Shift+ArrowDown");
  await keyboard.press("Shift+ArrowDown");
  await selected.getByText("4 selected").waitFor();
  await keyboard.press("Shift+ArrowUp");
  await selected.getByText("3 selected").waitFor();
  await keyboard.press("s");
  const dialog = page.getByRole("dialog", { name: "Add 3 traces to a dataset" });
  await dialog.waitFor();
  await keyboard.type("pets");
  found.push(...(await barriers(page)));
  await keyboard.press("Enter");
  await dialog.getByRole("status").getByText("2 traces added to pets@1, which has 2 items.").waitFor();
  await dialog.getByText("1 trace left out, with the input and expectation of an item:").waitFor();
  await eventually(() => dialog.getByRole("link", { name: `${traceIdOf("pet 2").slice(0, 12)}…` }).count()).toBe(1);
  found.push(...(await barriers(page)));
  await dialog.getByText("Close", { exact: true }).click();
  await selected.waitFor({ state: "detached" });

  await keyboard.press("Control+a");
  await selected.getByText("5 selected").waitFor();
  await keyboard.press("s");
  const after = page.getByRole("dialog", { name: "Add 5 traces to a dataset" });
  await after.waitFor();
  await keyboard.type("pets");
  await keyboard.press("Enter");
  await after.getByRole("status").getByText("1 trace added to pets@2, which has 3 items.").waitFor();
  await after.getByText("3 traces left out, with the input and expectation of an item:").waitFor();
  await after.getByText("1 trace cannot be an item:").waitFor();
  await after.getByText("No span of this trace has what a user said.").waitFor();
  await after.getByRole("link", { name: "Open the dataset" }).click();
  await page.getByRole("grid", { name: "Items of pets, version 2" }).getByText("May I bring my fish?").waitFor();
  expect(found).toEqual([]);
  expect(opened.scriptErrors).toEqual([]);
});
