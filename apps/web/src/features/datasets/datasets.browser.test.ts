import { writeDataset } from "@signalbox/db/prisma";
import { type DatasetChange, DatasetItemContent } from "@signalbox/model";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { barriers } from "../../testing/barriers.ts";
import { launchBrowser } from "../../testing/browser.ts";
import { openPage } from "../../testing/consolePage.ts";
import { startTestConsole, type TestConsole } from "../../testing/testConsole.ts";

let app: TestConsole;
let browser: Browser;

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

test("a person browses a dataset, compares two versions and searches items, by keyboard alone", async () => {
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
  expect(await page.locator("ins", { hasText: "Oslo" }).count()).toBe(2);
  found.push(...(await barriers(page)));
  await keyboard.press("Escape");

  await items.waitFor();
  await keyboard.press("/");
  await keyboard.type("window seat");
  await keyboard.press("Enter");
  await items.getByText("My flight is late.").waitFor({ state: "detached" });
  expect(found).toEqual([]);
  expect(opened.scriptErrors).toEqual([]);
});

test.each(["light", "dark"] as const)("its pages are readable in %s", async (theme) => {
  await using opened = await openPage(browser, app, theme);
  const { page, open } = opened;
  const found: string[] = [];
  for (const [path, sign] of [
    ["/datasets", "another city"],
    ["/datasets/trips?version=2", "My flight is late."],
    ["/datasets/trips/items/rome?version=1", "Expected output"],
    ["/datasets/trips/diff?before=1&after=2", "changed"],
  ] as const) {
    await open(path);
    await page.getByText(sign).first().waitFor();
    found.push(...(await barriers(page)));
  }
  expect(found).toEqual([]);
});
