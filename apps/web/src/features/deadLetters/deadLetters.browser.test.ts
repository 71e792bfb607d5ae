import { aDeadLetter, aReport, storeDeadLetters, storeTask } from "@signalbox/db/testing";
import { type Step, TaskRequest } from "@signalbox/model";
import { A_LIFE, aTaskLife } from "@signalbox/model/testing";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { barriers } from "../../testing/barriers.ts";
import { launchBrowser } from "../../testing/browser.ts";
import { openPage } from "../../testing/consolePage.ts";
import { eventually } from "../../testing/eventually.ts";
import { startTestConsole, type TestConsole } from "../../testing/testConsole.ts";

let app: TestConsole;
let browser: Browser;

const nowMs = Date.now();
const failedAgo = (minutes: number): string => new Date(nowMs - minutes * 60_000).toISOString();

/** A task until it was given up: it looked for flights, and its next attempt was the last. */
const life = aTaskLife(A_LIFE.slice(0, A_LIFE.findIndex((one) => "decided" in one && one.decided === "dead_lettered") + 1));
const request = TaskRequest.parse({ ...life.requests[0], name: "book a flight" });

const slow = [1, 2, 3].map((minutes) =>
  aDeadLetter({
    ...{ fingerprint: "slow", message: `No answer within ${minutes} s.`, lastFailedAt: failedAgo(minutes) },
    ...(minutes === 1 ? { taskId: life.id, payload: request } : {}),
  }),
);
const other = aDeadLetter({ fingerprint: "other", message: "The worker ended.", cause: "kills_worker", lastFailedAt: failedAgo(90) });
const [first] = slow;

beforeAll(async () => {
  browser = await launchBrowser();
  app = await startTestConsole();
  await storeTask(app.state, { ...life, requests: [request] }, "dead");
  await storeDeadLetters(app.state, [...slow, other]);
});

afterAll(async () => {
  await browser?.close();
  await app?.[Symbol.asyncDispose]();
});

const focused = (page: Page) => page.evaluate(() => document.activeElement?.tagName);

/** Plays a worker that runs a requested replay: the agent answers at step 3, where the record has a tool call. */
async function replayOtherwise(): Promise<void> {
  const output = { kind: "reply", content: "Trains are slow.", reason: "r" } as const;
  const replayed = life.steps
    .slice(0, 3)
    .map((step): Step => (step.step === 3 ? { ...step, stage: { kind: "move", input: {}, output } } : step));
  const report = aReport(life.id, { recorded: life.steps, replayed, partsAt: 3 });
  const came = { outcome: "diverged", outcomeChanged: true, divergence: report.divergence as object, report: report as object };
  const { id } = await app.state.replayRow.findFirstOrThrow({ where: { taskId: life.id, status: "pending" } });
  await app.state.replayRow.update({ where: { id }, data: { ...came, status: "done", startedAt: new Date(), endedAt: new Date() } });
}

test("an operator goes from the badge to why a task died, edits it, runs it again, replays it, sees where that parts from the record, keeps it as an eval case and discards the rest, by keyboard alone", async () => {
  await using opened = await openPage(browser, app);
  const { page, open } = opened;
  const { keyboard } = page;
  const found: string[] = [];
  await open("/status");
  await page.getByRole("link", { name: "Dead letters 4 open, 3 of them within the last hour" }).waitFor();

  await keyboard.press("g");
  await keyboard.press("q");
  await page.getByRole("grid", { name: "Groups of dead letters" }).getByText("No answer within 1 s.").waitFor();
  await keyboard.press("j");
  await keyboard.press("Enter");
  await page.getByRole("grid", { name: "Letters of this group" }).getByText("No answer within 2 s.").waitFor();
  await keyboard.press("j");
  await keyboard.press("Enter");
  await page.getByRole("heading", { level: 1, name: "book a flight" }).waitFor();
  await page.getByText("Every attempt that it had failed.").waitFor();
  await page.getByText("Chain verified").waitFor();

  await keyboard.press("p");
  await eventually(() => focused(page)).toBe("TEXTAREA");
  await page.getByRole("region", { name: "Dry run" }).getByText("1 letter would run again.").waitFor();
  await keyboard.press("Control+a");
  await keyboard.insertText(JSON.stringify({ ...first?.payload, message: "" }));
  const faults = page.getByRole("alert", { name: "What is wrong with the payload" });
  await faults.getByText("message").first().waitFor();
  await keyboard.press("Control+a");
  await keyboard.insertText(JSON.stringify({ ...first?.payload, message: "Book me another flight." }));
  await faults.waitFor({ state: "detached" });
  const asked = Promise.withResolvers<void>();
  await page.route(/deadLetters\.dryRun/, (route) => asked.promise.then(() => route.continue()));
  await keyboard.press("Tab");
  await keyboard.type("the flight was gone");
  const submit = page.getByRole("button", { name: "Redrive 1 letter" });
  expect(await submit.isDisabled()).toBe(true);
  asked.resolve();
  await eventually(() => submit.isEnabled()).toBe(true);
  await page.getByRole("region", { name: "Dry run" }).getByText("1 letter would run again.").waitFor();
  found.push(...(await barriers(page)));
  await keyboard.press("Enter");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await page.getByText("It waits for its turn in the redrive book a flight").waitFor();
  expect(await page.getByRole("button", { name: "Redrive" }).isDisabled()).toBe(true);
  const { payload } = await app.state.redriveItemRow.findFirstOrThrow({ where: { letterId: first?.id ?? "" } });
  expect(payload).toMatchObject({ message: "Book me another flight." });
  expect((await app.state.deadLetter.findUniqueOrThrow({ where: { id: first?.id ?? "" } })).payload).toMatchObject(first?.payload ?? {});

  await keyboard.press("s");
  await page.getByRole("dialog", { name: "Keep as an eval case" }).waitFor();
  found.push(...(await barriers(page)));
  await keyboard.press("Enter");
  await page.getByText("It is kept in dead letters@1, which has 1 case.").waitFor();
  await keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  expect((await app.state.datasetItemRow.findFirstOrThrow()).content).toMatchObject({ input: { message: "Book me a flight." } });

  await keyboard.press("h");
  await page.getByRole("slider").waitFor();
  await keyboard.press("y");
  await eventually(() =>
    page
      .getByRole("dialog")
      .getByLabel("From step")
      .evaluate((field) => field === document.activeElement),
  ).toBe(true);
  await keyboard.press("Control+a");
  await keyboard.type("3");
  found.push(...(await barriers(page)));
  await keyboard.press("Enter");
  await page.getByText("It waits for a worker").waitFor();
  await replayOtherwise();
  await page.getByText("At step 3, step.output").waitFor();
  await page.locator("li[data-different=true]").getByText("Trains are slow.").waitFor();
  found.push(...(await barriers(page)));
  await keyboard.press("s");
  await page.getByRole("dialog", { name: "Keep as an eval case" }).waitFor();
  await keyboard.press("Enter");
  await page.getByText("It is kept in replays@1, which has 1 case.").waitFor();
  await keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });

  await keyboard.press("Escape");
  await page.getByRole("slider").waitFor();
  await keyboard.press("q");
  await page.getByText("Every attempt that it had failed.").waitFor();
  await keyboard.press("Escape");
  await page.getByRole("grid", { name: "Letters of this group" }).waitFor();
  await page.getByText("1 waiting").waitFor();
  await keyboard.press("b");
  await page.getByRole("region", { name: "Dry run" }).getByText("2 letters would be given up").waitFor();
  found.push(...(await barriers(page)));
  await keyboard.type("nobody flies there any more");
  await keyboard.press("Tab");
  await keyboard.type("2");
  await keyboard.press("Enter");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await page.getByRole("link", { name: "Dead letters 1 open" }).waitFor();
  expect(await app.state.deadLetter.count({ where: { discardReason: "nobody flies there any more" } })).toBe(2);
  expect(found).toEqual([]);
  expect(opened.scriptErrors).toEqual([]);
});
