import { freePortOffset } from "@signalbox/db/embedded";
import { createApiKey, createProject, listApiKeys, listProjects, readIntakeRules, touchApiKeys } from "@signalbox/db/prisma";
import { aSpan, NOON, storeSpans } from "@signalbox/db/testing";
import { NewApiKey, NewProject, secretHash, traceIdOf } from "@signalbox/model";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchBrowser } from "../../testing/browser.ts";
import { openPage } from "../../testing/consolePage.ts";
import { NO_STORES, startConsole } from "../../testing/consoleProcess.ts";
import { eventually } from "../../testing/eventually.ts";
import { startTestConsole, type TestConsole } from "../../testing/testConsole.ts";

// The tests of this file follow the life of one installation: the first finds it new, and each leaves its results to the next.
let app: TestConsole;
let browser: Browser;

beforeAll(async () => {
  browser = await launchBrowser();
  app = await startTestConsole();
});

afterAll(async () => {
  await browser?.close();
  await app?.[Symbol.asyncDispose]();
});

const clipboard = (page: Page): Promise<string> => page.evaluate(() => navigator.clipboard.readText());
const keyRow = (page: Page, name: string) => page.getByRole("row").filter({ hasText: name });

async function pressKeys(page: Page, ...keys: string[]): Promise<void> {
  for (const key of keys) await page.keyboard.press(key);
}

test("a new installation shows its one project and how to make a key; there is nothing to switch to", async () => {
  await using opened = await openPage(browser, app);
  const { page, open } = opened;
  await open("/traces");
  await page.getByText("Waiting for the first span").waitFor();
  await pressKeys(page, "g", "p");
  await page.getByRole("heading", { level: 1, name: "Projects and keys" }).waitFor();
  await page.getByText("No keys yet").waitFor();
  expect(await page.getByRole("button", { name: /^Project / }).count()).toBe(0);
  expect(opened.scriptErrors).toEqual([]);
});

test("a project is made, and becomes the console's", async () => {
  await using opened = await openPage(browser, app);
  const { page, open } = opened;
  await open("/projects");
  await page.getByRole("button", { name: "New project" }).click();
  await page.getByLabel("Name").fill("Shop");
  await page.getByLabel("Environments").fill("production, staging");
  await page.keyboard.press("Enter");
  await page.getByRole("alert").getByText("lower-case letters").waitFor();

  await page.getByLabel("Name").fill("shop");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Keys of shop" }).waitFor();
  await eventually(() => new URL(page.url()).searchParams.get("project")).toBe("shop");
  await eventually(() => keyRow(page, "shop").first().textContent()).toContain("productionstaging");
  await page.getByRole("button", { name: "Project shop" }).waitFor();
  expect(opened.scriptErrors).toEqual([]);
});

test("a key is made without the mouse, shown once with what to paste, and is nowhere in the page after that", async () => {
  await using opened = await openPage(browser, app);
  const { page, open } = opened;
  await open("/projects?project=shop");
  await page.getByText("No keys yet").waitFor();
  await pressKeys(page, "a");
  await page.getByRole("dialog").waitFor();
  await eventually(() => page.evaluate(() => document.activeElement?.tagName)).toBe("INPUT");
  await page.keyboard.type("checkout");
  await page.keyboard.press("Enter");
  await page.getByText("Copy it now").waitFor();
  await page.getByRole("button", { name: "Copy key" }).focus();
  await page.keyboard.press("Enter");
  await eventually(() => clipboard(page)).toMatch(/^sbx_[\w-]{43}$/);
  const secret = await clipboard(page);

  await page.mouse.click(20, 500);
  await page.getByRole("button", { name: "Copy OpenTelemetry settings" }).click();
  await eventually(() => clipboard(page)).toContain(`OTEL_EXPORTER_OTLP_HEADERS=authorization=Bearer%20${secret}`);
  await page.getByRole("tab", { name: "LangSmith" }).click();
  await page.getByRole("button", { name: "Copy LangSmith settings" }).click();
  await eventually(() => clipboard(page)).toContain(`LANGSMITH_API_KEY=${secret}`);
  expect(await page.getByRole("tab", { name: "Langfuse" }).count()).toBe(0);

  await page.getByRole("button", { name: "Done" }).click();
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await keyRow(page, "checkout")
    .getByText(`sbx_…${secret.slice(-4)}`)
    .waitFor();
  expect(await page.content()).not.toContain(secret);
  await page.reload();
  await keyRow(page, "checkout").waitFor();
  expect(await page.content()).not.toContain(secret);
  const row = await app.state.apiKeyRow.findFirstOrThrow({ where: { name: "checkout" } });
  expect(row.secretHash).toBe(secretHash(secret));
  expect(opened.scriptErrors).toEqual([]);
});

test("each SDK gets the kind of key that it takes", async () => {
  await using opened = await openPage(browser, app);
  const { page, open } = opened;
  await open("/projects?project=shop");
  for (const [sdk, shape] of [
    ["Langfuse", /LANGFUSE_PUBLIC_KEY=sbx_pub_[\w-]{16}\nexport LANGFUSE_SECRET_KEY=sbx_[\w-]{43}$/],
    ["AgentOps", /AGENTOPS_API_KEY=[0-9a-f-]{36}\n/],
  ] as const) {
    await page.getByRole("button", { name: "New key" }).click();
    await page.getByLabel("Name").fill(`for ${sdk}`);
    await page.getByRole("combobox", { name: "For" }).click();
    await page.getByRole("option", { name: sdk }).click();
    await page.getByRole("checkbox", { name: /Read it/ }).click();
    await page.getByLabel("Requests a minute").fill("600");
    await page.getByRole("button", { name: "Make the key" }).click();
    await page.getByRole("button", { name: `Copy ${sdk} settings` }).click();
    await eventually(() => clipboard(page)).toMatch(shape);
    await page.getByRole("button", { name: "Done" }).click();
    for (const fact of ["ingestread", "600"]) await eventually(() => keyRow(page, `for ${sdk}`).textContent()).toContain(fact);
  }
  await page.getByRole("button", { name: "New key" }).click();
  await page.getByLabel("Name").fill("for AgentOps");
  await page.getByRole("button", { name: "Make the key" }).click();
  await page.getByRole("alert").getByText('A key named "for AgentOps" works in project shop already.').waitFor();
  await page.getByRole("checkbox", { name: /Send telemetry/ }).click();
  await page.getByRole("alert").getByText("A key that allows nothing is of no use").waitFor();
  expect(opened.scriptErrors).toEqual([]);
});

test("a key is revoked after a second question only, and shown as revoked when asked for", async () => {
  await using opened = await openPage(browser, app);
  const { page, open } = opened;
  const [key] = (await listApiKeys(app.state, "shop", 10)).filter(({ name }) => name === "checkout");
  await touchApiKeys(app.state, [key?.id ?? ""], new Date(Date.now() - 7_200_000));
  await open("/projects?project=shop");
  await keyRow(page, "checkout").getByText("2 h ago").waitFor();
  await page.getByRole("button", { name: "Revoke checkout" }).click();
  await eventually(() => page.evaluate(() => document.activeElement?.textContent)).toBe("Keep it");
  await page.keyboard.press("Enter");
  await page.getByRole("dialog").waitFor({ state: "hidden" });
  expect((await app.state.apiKeyRow.findUniqueOrThrow({ where: { id: key?.id ?? "" } })).revokedAt).toBeNull();

  await page.getByRole("button", { name: "Revoke checkout" }).click();
  await page.getByRole("button", { name: "Revoke the key" }).click();
  await page.getByRole("dialog").waitFor({ state: "hidden" });
  await keyRow(page, "checkout").waitFor({ state: "hidden" });
  expect((await app.state.apiKeyRow.findUniqueOrThrow({ where: { id: key?.id ?? "" } })).revokedAt).not.toBeNull();
  await page.getByRole("checkbox", { name: /Revoked too/ }).click();
  await keyRow(page, "checkout")
    .getByText(/revoked/)
    .waitFor();
});

test("rules are added, tried before they are saved, said in words, and taken back", async () => {
  await using opened = await openPage(browser, app);
  const { page, open } = opened;
  await open("/projects?project=shop");
  const words = page.getByRole("list", { name: "What the rules do" });
  await words.getByText("Nothing is redacted.").waitFor();
  await page.getByRole("button", { name: "Change rules" }).click();
  await page.getByRole("checkbox", { name: /^email/ }).click();
  await page.getByRole("button", { name: "Add a pattern" }).click();
  await page.getByLabel("Name of pattern 1").fill("employee");
  await page.getByLabel("Pattern 1", { exact: true }).fill("EMP-(");
  await page.getByRole("button", { name: "Add a name" }).click();
  await page.getByLabel("Name 1", { exact: true }).fill("password");
  await page.getByRole("button", { name: "Save the rules" }).click();
  await page.getByRole("alert").getByText("no regular expression as RE2 writes it").waitFor();

  await page.getByLabel("Pattern 1", { exact: true }).fill("EMP-[0-9]{6}");
  await page.getByLabel("A text that a sender may write").fill('{"to":"ann@example.org","by":"EMP-123456","password":"hunter2"}');
  await page.keyboard.press("Enter");
  await page.getByText('{"to":"[redacted: email]","by":"[redacted: employee]","password":"[redacted: password]"}').waitFor();
  await page.getByLabel("Taken, in percent").fill("150");
  await page.getByRole("alert").getByText("A number from 0 to 100.").waitFor();
  await eventually(() => page.getByRole("button", { name: "Save the rules" }).isDisabled()).toBe(true);
  await page.getByLabel("Taken, in percent").fill("25");
  await page.getByRole("checkbox", { name: /keep only what is worth it/ }).click();
  await page.getByLabel("Keep slower than, ms").fill("5000");
  await page.getByRole("button", { name: "Save the rules" }).click();
  await page.getByRole("dialog").waitFor({ state: "hidden" });

  await words.getByText("Redacted wherever it stands: email, employee.").waitFor();
  await words.getByText("25 % of the traces are taken").waitFor();
  await page.getByText(/^Changed by /).waitFor();
  const stored = await readIntakeRules(app.state, "shop");
  expect(stored.redaction).toEqual({
    builtIn: ["email"],
    patterns: [{ name: "employee", pattern: "EMP-[0-9]{6}" }],
    attributes: ["password"],
  });
  expect(stored.sampling).toMatchObject({ headShare: 0.25, tail: { keepErrors: true, slowerThanMs: 5_000, restShare: 0 } });

  await page.getByRole("button", { name: "Change rules" }).click();
  await page.getByRole("button", { name: "Remove the pattern employee" }).click();
  await page.getByRole("checkbox", { name: /keep only what is worth it/ }).click();
  await page.getByRole("button", { name: "Save the rules" }).click();
  await words.getByText("Redacted wherever it stands: email.").waitFor();
  expect(await readIntakeRules(app.state, "shop")).toMatchObject({ redaction: { patterns: [] }, sampling: { tail: null } });
  expect(opened.scriptErrors).toEqual([]);
});

test("a project's retention is changed, after a preview of what will be deleted", async () => {
  await using opened = await openPage(browser, app);
  const { page, open } = opened;
  const kept = async () => (await listProjects(app.state, 10)).find(({ name }) => name === "shop")?.retentionDays;
  await open("/projects?project=shop");
  await page.getByText("For ever, which is the default: nothing is deleted").waitFor();
  await page.getByRole("button", { name: "Change retention" }).focus();
  await page.keyboard.press("Enter");
  await eventually(() => page.evaluate(() => document.activeElement?.tagName)).toBe("INPUT");
  await page.keyboard.type("0");
  await page.getByRole("alert").getByText("A whole number from 1 to 36,500").waitFor();
  await eventually(() => page.getByRole("button", { name: "Save" }).isDisabled()).toBe(true);
  await page.keyboard.press("Enter");
  await page.keyboard.press("Backspace");
  await page.keyboard.type("30");
  const firstDay = new Date(Date.now() - 30 * 86_400_000).toISOString().slice(0, 10);
  await page.getByRole("status").getByText(`What began before ${firstDay} (UTC) is deleted for good`).waitFor();
  expect(await kept()).toBeNull();
  await page.keyboard.press("Enter");
  await page.getByText(`For 30 days besides today: what began before ${firstDay} (UTC) is deleted, and`).waitFor();
  expect(await kept()).toBe(30);

  await page.getByRole("button", { name: "Change retention" }).click();
  await page.getByLabel("Days to keep, besides today").fill("");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("For ever, which is the default: nothing is deleted").waitFor();
  expect(await kept()).toBeNull();
  expect(opened.scriptErrors).toEqual([]);
});

test("every screen shows the project of the switcher, and a link keeps it", async () => {
  const atMs = Date.now() - Number(NOON / 1_000_000n) - 5_000;
  await storeSpans(app.clickhouse, [
    aSpan({ project: "shop", trace: "in-shop", name: "bought shoes", atMs }),
    aSpan({ trace: "in-default", name: "elsewhere", atMs }),
  ]);
  await using opened = await openPage(browser, app);
  const { page, open } = opened;
  const traces = page.getByRole("grid", { name: "Traces" });
  await open("/traces");
  await traces.getByText("elsewhere").waitFor();
  await page.getByRole("button", { name: "Project default" }).click();
  await page.getByRole("menuitemradio", { name: "shop" }).click();
  await traces.getByText("bought shoes").waitFor();
  await eventually(() => traces.getByText("elsewhere").count()).toBe(0);

  await traces.getByRole("link", { name: "bought shoes" }).click();
  await page.getByRole("heading", { level: 1, name: "bought shoes" }).waitFor();
  await eventually(() => new URL(page.url()).searchParams.get("project")).toBe("shop");
  await page.getByRole("tabpanel").waitFor();
  await page.keyboard.press("Escape");
  await page.waitForURL(/\/traces\?project=shop$/);
  await pressKeys(page, "g", "s");
  await page.waitForURL(/\/status\?project=shop$/);
  await eventually(() => page.locator("dl").first().textContent()).toContain("Spans1");

  await page.keyboard.press("Control+k");
  await page.getByRole("combobox", { name: "Search commands" }).fill(traceIdOf("in-shop"));
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { level: 1, name: "bought shoes" }).waitFor();
  await page.keyboard.press("Control+k");
  await page.getByRole("combobox", { name: "Search commands" }).fill("Go to project default");
  await page.keyboard.press("Enter");
  await traces.getByText("elsewhere").waitFor();
  await eventually(() => new URL(page.url()).search).toBe("");
  expect(opened.scriptErrors).toEqual([]);
});

test("a project without telemetry leads to its keys", async () => {
  await createProject(app.state, NewProject.parse({ name: "airline" }), new Date());
  await createApiKey(app.state, NewApiKey.parse({ project: "airline", name: "gate" }), new Date());
  await using opened = await openPage(browser, app);
  const { page, open } = opened;
  await open("/traces?project=airline");
  await page.getByRole("link", { name: "Make a key" }).click();
  await keyRow(page, "gate").waitFor();
});

test("an unknown project is reported", async () => {
  await using opened = await openPage(browser, app);
  const { page, open } = opened;
  await open("/projects?project=nowhere");
  await page.getByText("There is no project nowhere").waitFor();
});

test("an unavailable state store is reported, with its code and a way to retry", async () => {
  await using away = await startConsole({ ...NO_STORES, portOffset: await freePortOffset() });
  await using opened = await openPage(browser, away);
  const { page, open } = opened;
  await open("/projects");
  await page.getByRole("alert").getByText("upstream_unavailable").waitFor();
  await page.getByRole("button", { name: "Try again" }).waitFor();
});
