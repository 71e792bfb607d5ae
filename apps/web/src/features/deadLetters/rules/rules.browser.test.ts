import { applyRedriveRule } from "@signalbox/db/prisma";
import { aDeadLetter, storeDeadLetters } from "@signalbox/db/testing";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { barriers } from "../../../testing/barriers.ts";
import { launchBrowser } from "../../../testing/browser.ts";
import { openPage } from "../../../testing/consolePage.ts";
import { eventually } from "../../../testing/eventually.ts";
import { tabTo } from "../../../testing/tabTo.ts";
import { startTestConsole, type TestConsole } from "../../../testing/testConsole.ts";

const FINGERPRINT = "5105105105105105";

let app: TestConsole;
let browser: Browser;

beforeAll(async () => {
  browser = await launchBrowser();
  app = await startTestConsole();
  const lastFailedAt = new Date().toISOString();
  const letters = [1, 2].map((minutes) =>
    aDeadLetter({ fingerprint: FINGERPRINT, message: `No answer within ${minutes} s.`, lastFailedAt }),
  );
  await storeDeadLetters(app.state, letters);
});

afterAll(async () => {
  await browser?.close();
  await app?.[Symbol.asyncDispose]();
});

test("an operator makes a rule for a group, sees its budget go, pauses, resumes and deletes it, by keyboard alone and on record", async () => {
  await using opened = await openPage(browser, app);
  const { page, open } = opened;
  const { keyboard } = page;
  const found: string[] = [];
  await open("/dead-letters/rules");
  await page.getByRole("heading", { name: "No redrive rule yet" }).waitFor();
  found.push(...(await barriers(page)));

  await open(`/dead-letters/groups/${FINGERPRINT}`);
  await page.getByRole("grid", { name: "Letters of this group" }).waitFor();
  await keyboard.press("n");
  const dialog = page.getByRole("dialog", { name: "New redrive rule" });
  await dialog.getByText("2 letters would run again.").waitFor();
  await keyboard.type("Tool");
  await dialog.getByRole("alert").getByText("lower-case letters").waitFor();
  await keyboard.press("Control+a");
  await keyboard.type("tool-away");
  await tabTo(page, dialog.getByLabel("Letters at most"));
  await keyboard.press("Control+a");
  await keyboard.type("1");
  await tabTo(page, dialog.getByLabel("Why"));
  await keyboard.type("it passes");
  await eventually(() => page.getByRole("button", { name: "Make the rule" }).isEnabled()).toBe(true);
  found.push(...(await barriers(page)));
  await keyboard.press("Enter");

  const row = page.getByRole("table", { name: "Redrive rules" }).getByRole("row").filter({ hasText: "tool-away" });
  await row.getByText("In force").waitFor();
  await row.getByText("0 of 1 in 60 min").waitFor();
  await row.getByText("none yet").waitFor();
  const { id, reason, fingerprint } = await app.state.redriveRuleRow.findFirstOrThrow();
  expect({ reason, fingerprint }).toEqual({ reason: "it passes", fingerprint: FINGERPRINT });
  expect(await applyRedriveRule(app.state, id, new Date())).toBe(1);
  await row.getByText("1 of 1 in 60 min").waitFor();
  await row.getByText("Budget spent").waitFor();
  found.push(...(await barriers(page)));

  const act = async (button: string, why: string): Promise<void> => {
    await tabTo(page, row.getByRole("button", { name: `${button} tool-away` }));
    await keyboard.press("Enter");
    await page.getByRole("dialog", { name: `${button} the rule tool-away` }).waitFor();
    await eventually(() => page.evaluate(() => document.activeElement?.tagName)).toBe("INPUT");
    await keyboard.type(why);
    await keyboard.press("Enter");
    await page.getByRole("dialog").waitFor({ state: "detached" });
  };
  await act("Pause", "an outage");
  await row.getByText("Paused").waitFor();
  await act("Resume", "it is over");
  await row.getByText("Budget spent").waitFor();
  await act("Delete", "nobody needs it");
  await page.getByRole("heading", { name: "No redrive rule yet" }).waitFor();

  await open("/dead-letters/redrives");
  const acts = page.getByRole("table", { name: "Acts on record" });
  for (const done of ["made a rule", "paused a rule", "let a rule go on", "deleted a rule"]) await acts.getByText(done).waitFor();
  expect(found).toEqual([]);
  expect(opened.scriptErrors).toEqual([]);
});

test("a rule whose name is taken is refused with what to do", async () => {
  await using opened = await openPage(browser, app);
  const { page, open } = opened;
  const { keyboard } = page;
  await open("/dead-letters/rules");
  await page.getByRole("heading", { name: "No redrive rule yet" }).waitFor();
  for (const round of ["first", "second"]) {
    await keyboard.press("n");
    await page.getByRole("dialog", { name: "New redrive rule" }).waitFor();
    await keyboard.type("twice");
    await tabTo(page, page.getByLabel("Error class"));
    await keyboard.type("upstream_unavailable");
    await tabTo(page, page.getByLabel("Why"));
    await keyboard.type(round);
    await eventually(() => page.getByRole("button", { name: "Make the rule" }).isEnabled()).toBe(true);
    await keyboard.press("Enter");
    if (round === "first") await page.getByRole("dialog").waitFor({ state: "detached" });
  }
  await page.getByRole("dialog").getByText('There is a rule named "twice" already.').waitFor();
});
