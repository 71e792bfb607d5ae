import { createProject } from "@signalbox/db/prisma";
import { aSpan, NOON, storeSpans } from "@signalbox/db/testing";
import { NewProject } from "@signalbox/model";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchBrowser } from "../../../testing/browser.ts";
import { openPage } from "../../../testing/consolePage.ts";
import { eventually } from "../../../testing/eventually.ts";
import { startTestConsole, type TestConsole } from "../../../testing/testConsole.ts";

// The tests of this file follow the life of one view, which each leaves to the next.
let app: TestConsole;
let browser: Browser;

const startMs = Date.now() - Number(NOON / 1_000_000n) - 60_000;

beforeAll(async () => {
  browser = await launchBrowser();
  app = await startTestConsole();
  await createProject(app.state, NewProject.parse({ name: "shop" }), new Date());
  await storeSpans(app.clickhouse, [
    aSpan({ trace: "a", name: "fine", atMs: startMs }),
    aSpan({ trace: "b", name: "failed", status: "error", atMs: startMs + 1, tags: ["vip"] }),
    aSpan({ trace: "c", name: "failed too", status: "error", atMs: startMs + 2 }),
  ]);
});

afterAll(async () => {
  await browser?.close();
  await app?.[Symbol.asyncDispose]();
});

const names = (page: Page) => page.getByRole("grid", { name: "Traces" }).getByRole("gridcell").locator("a.font-medium").allTextContents();
const menu = (page: Page, name: RegExp | string) => page.getByRole("button", { name });

async function pick(page: Page, button: RegExp | string, item: string, role: "menuitem" | "menuitemradio" = "menuitem"): Promise<void> {
  await menu(page, button).click();
  await page.getByRole(role, { name: item }).click();
}

test("filters, columns and time range are saved under a name, and its link brings them back", async () => {
  await using opened = await openPage(browser, app);
  const { page, open } = opened;
  await open("/traces?status=error&range=7d&columns=time,name,status");
  await eventually(() => names(page)).toEqual(["failed too", "failed"]);
  await pick(page, "View: All traces", "Save as new view…");
  await page.getByRole("textbox", { name: "Name" }).fill("Failed this week");
  await page.keyboard.press("Enter");
  await menu(page, "View: Failed this week").waitFor();
  await eventually(() => new URL(page.url()).search).toMatch(/^\?view=[0-9a-f-]{36}$/);
  await eventually(() => names(page)).toEqual(["failed too", "failed"]);

  await page.reload();
  await eventually(() => names(page)).toEqual(["failed too", "failed"]);
  await page.getByRole("button", { name: "Last 7 days" }).waitFor();
  const [boxes, ...columns] = await page.getByRole("columnheader").all();
  await boxes?.getByRole("checkbox", { name: "Select all 2 that are loaded" }).waitFor();
  expect(await Promise.all(columns.map((column) => column.textContent()))).toEqual(["Started", "Name", "Status"]);
  expect(opened.scriptErrors).toEqual([]);
});

test("a changed view says so, its link has the difference, and the change is undone or saved", async () => {
  await using opened = await openPage(browser, app);
  const { page, open } = opened;
  await open("/traces");
  await pick(page, "View: All traces", "Failed this week", "menuitemradio");
  await eventually(() => names(page)).toEqual(["failed too", "failed"]);
  await page.getByRole("button", { name: "Clear Status error" }).click();
  await eventually(() => names(page)).toEqual(["failed too", "failed", "fine"]);
  await menu(page, "View: Failed this week, modified").waitFor();
  await eventually(() => new URL(page.url()).search).toMatch(/^\?view=[0-9a-f-]{36}&status=$/);

  await page.reload();
  await eventually(() => names(page)).toEqual(["failed too", "failed", "fine"]);
  await pick(page, "View: Failed this week, modified", "Undo changes");
  await eventually(() => names(page)).toEqual(["failed too", "failed"]);

  await eventually(() => new URL(page.url()).search).toMatch(/^\?view=[0-9a-f-]{36}$/);
  await open(`${page.url()}&tag=vip`);
  await eventually(() => names(page)).toEqual(["failed"]);
  await pick(page, "View: Failed this week, modified", "Save changes");
  await menu(page, /^View: Failed this week$/).waitFor();
  await eventually(() => new URL(page.url()).search).toMatch(/^\?view=[0-9a-f-]{36}$/);
  await page.reload();
  await eventually(() => names(page)).toEqual(["failed"]);
});

test("a trace that was opened from a view leads back to it", async () => {
  await using opened = await openPage(browser, app);
  const { page, open } = opened;
  await open("/traces");
  await pick(page, "View: All traces", "Failed this week", "menuitemradio");
  await eventually(() => names(page)).toEqual(["failed"]);
  await eventually(() => new URL(page.url()).searchParams.has("view")).toBe(true);
  const { href } = new URL(page.url());
  await page.getByRole("link", { name: "failed", exact: true }).click();
  await page.getByRole("heading", { level: 1, name: "failed" }).waitFor();
  await page.getByRole("link", { name: "Back to traces" }).click();
  await page.waitForURL(href);
  await eventually(() => names(page)).toEqual(["failed"]);
});

test("a view is renamed, not to a name that is taken, and opened from the palette", async () => {
  await using opened = await openPage(browser, app);
  const { page, open } = opened;
  await open("/traces?tag=vip");
  await pick(page, "View: All traces", "Save as new view…");
  await page.getByRole("textbox", { name: "Name" }).fill("Failed this week");
  await page.keyboard.press("Enter");
  await page.getByText('There is a view named "Failed this week" already.').waitFor();
  await page.getByRole("textbox", { name: "Name" }).fill("VIPs");
  await page.keyboard.press("Enter");
  await menu(page, "View: VIPs").waitFor();
  await pick(page, "View: VIPs", "Rename…");
  await page.getByRole("textbox", { name: "Name" }).fill("Größte Kunden 🚆");
  await page.keyboard.press("Enter");
  await menu(page, "View: Größte Kunden 🚆").waitFor();

  await open("/status");
  await page.keyboard.press("Control+k");
  await page.getByRole("combobox", { name: "Search commands" }).fill("Kunden");
  await page.getByRole("option", { name: "Open view Größte Kunden 🚆" }).waitFor();
  await page.keyboard.press("Enter");
  await eventually(() => names(page)).toEqual(["failed"]);
  await menu(page, "View: Größte Kunden 🚆").waitFor();
});

test("the list opens with the default view of its project, and without it when asked", async () => {
  await using opened = await openPage(browser, app);
  const { page, open } = opened;
  await open("/traces");
  await pick(page, "View: All traces", "Größte Kunden 🚆", "menuitemradio");
  const saved = page.waitForResponse(/views\.change/);
  await pick(page, "View: Größte Kunden 🚆", "Open the list with it");
  await saved;
  await open("/traces");
  await menu(page, "View: Größte Kunden 🚆").waitFor();
  await eventually(() => names(page)).toEqual(["failed"]);
  await pick(page, "View: Größte Kunden 🚆", "All traces", "menuitemradio");
  await eventually(() => names(page)).toEqual(["failed too", "failed", "fine"]);
  await page.reload();
  await menu(page, "View: All traces").waitFor();
  await eventually(() => names(page)).toEqual(["failed too", "failed", "fine"]);
  await open("/traces?project=shop");
  await menu(page, "View: All traces").waitFor();
});

test("a view is deleted after confirmation, and its link says that it is gone", async () => {
  await using opened = await openPage(browser, app);
  const { page, open } = opened;
  await open("/traces");
  await menu(page, "View: Größte Kunden 🚆").waitFor();
  await pick(page, "View: Größte Kunden 🚆", "Failed this week", "menuitemradio");
  await eventually(() => new URL(page.url()).searchParams.has("view")).toBe(true);
  const link = page.url();
  await menu(page, "View: Failed this week").waitFor();
  await pick(page, "View: Failed this week", "Delete…");
  await page.getByRole("button", { name: "Keep it" }).click();
  await pick(page, "View: Failed this week", "Delete…");
  await page.getByRole("button", { name: "Delete the view" }).click();
  await menu(page, "View: All traces").waitFor();
  await open(link);
  await page.getByText("View is not there: somebody may have deleted it.").waitFor();
  await page.getByRole("button", { name: "Clear this filter: View" }).click();
  await eventually(() => names(page)).toEqual(["failed too", "failed", "fine"]);
});
