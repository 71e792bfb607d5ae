import { setTimeout as delay } from "node:timers/promises";
import { newId } from "@signalbox/model";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type AgentRuntime, startAgentRuntime } from "../../testing/agentRuntime.ts";
import { barriers } from "../../testing/barriers.ts";
import { launchBrowser } from "../../testing/browser.ts";
import { openPage } from "../../testing/consolePage.ts";
import { eventually } from "../../testing/eventually.ts";
import { tabTo } from "../../testing/tabTo.ts";
import { startTestConsole, type TestConsole } from "../../testing/testConsole.ts";

let app: TestConsole;
let runtime: AgentRuntime;
let browser: Browser;

/** A question about a booking in a world that nobody loaded: the tool fails, and the task dies. */
const aboutBooking = (booking: string) => ({
  ...{ id: newId(), name: "look a booking up", world: "demo-archive", user: "ada_fontaine_1037" },
  message: `What is the status of my reservation ${booking}? My user id is ada_fontaine_1037.`,
});
const bookings = ["AR1037", "BX2210", "CQ3301"].map(aboutBooking);
const NOT_LOADED = 'The airline world "demo-archive" is not loaded.';

/** Nothing that the agent could do. */
const lemons = { id: newId(), name: "count lemons", world: "demo-archive", message: "How many lemons fit into the overhead bin?" };

/** The answer that the tool might have given. */
const REFUSAL = "Error: reservation not found";

async function untilDead(letters: number): Promise<void> {
  while ((await app.state.deadLetter.count()) < letters) await delay(50);
}

beforeAll(async () => {
  browser = await launchBrowser();
  app = await startTestConsole();
  runtime = await startAgentRuntime(app);
  await runtime.ask(lemons);
  await untilDead(1);
  for (const booking of bookings) await runtime.ask(booking);
  await untilDead(4);
});

afterAll(async () => {
  await browser?.close();
  await runtime?.[Symbol.asyncDispose]();
  await app?.[Symbol.asyncDispose]();
});

const focused = (page: Page) => page.evaluate(() => document.activeElement?.tagName);

test("an operator goes from the badge to why a task died, edits it, runs it again, replays it with another answer of the tool, sees where the runtime parts from the record, keeps it as an eval case and discards the rest, by keyboard alone", async () => {
  await using opened = await openPage(browser, app);
  const { page, open } = opened;
  const { keyboard } = page;
  const found: string[] = [];
  await open("/status");
  await page.getByRole("link", { name: "Dead letters 4 open, 4 of them within the last hour" }).waitFor();

  await keyboard.press("g");
  await keyboard.press("q");
  await page.getByRole("grid", { name: "Groups of dead letters" }).getByText(NOT_LOADED).waitFor();
  await keyboard.press("j");
  await keyboard.press("Enter");
  const letters = page.getByRole("grid", { name: "Letters of this group" });
  await letters.getByText(NOT_LOADED).first().waitFor();
  await keyboard.press("j");
  await keyboard.press("Enter");
  await page.getByRole("heading", { level: 1, name: "look a booking up" }).waitFor();
  await page.getByText("It failed in a way that another attempt would fail in too.").waitFor();
  await page.getByText("Chain verified").waitFor();
  const [, letterId = ""] = /letters\/([0-9a-f-]+)/.exec(page.url()) ?? [];
  const letter = await app.state.deadLetter.findUniqueOrThrow({ where: { id: letterId } });
  const payload = letter.payload as { message: string };

  await keyboard.press("p");
  await eventually(() => focused(page)).toBe("TEXTAREA");
  await page.getByRole("region", { name: "Dry run" }).getByText("1 letter would run again.").waitFor();
  await keyboard.press("Control+a");
  await keyboard.insertText(JSON.stringify({ ...payload, message: "" }));
  const faults = page.getByRole("alert", { name: "What is wrong with the payload" });
  await faults.getByText("message").first().waitFor();
  await keyboard.press("Control+a");
  await keyboard.insertText(JSON.stringify({ ...payload, message: "Is my flight on time?" }));
  await faults.waitFor({ state: "detached" });
  const asked = Promise.withResolvers<void>();
  await page.route(/deadLetters\.dryRun/, (route) => asked.promise.then(() => route.continue()));
  await keyboard.press("Tab");
  await keyboard.type("the question was another one");
  const submit = page.getByRole("button", { name: "Redrive 1 letter" });
  await eventually(() => submit.isDisabled()).toBe(true);
  asked.resolve();
  await eventually(() => submit.isEnabled()).toBe(true);
  await page.getByRole("region", { name: "Dry run" }).getByText("1 letter would run again.").waitFor();
  found.push(...(await barriers(page)));
  await keyboard.press("Enter");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await page.getByText("It waits for its turn in the redrive look a booking up").waitFor();
  await eventually(() => page.getByRole("button", { name: "Redrive" }).isDisabled()).toBe(true);
  expect((await app.state.redriveItemRow.findFirstOrThrow({ where: { letterId } })).payload).toMatchObject({
    message: "Is my flight on time?",
  });
  expect((await app.state.deadLetter.findUniqueOrThrow({ where: { id: letterId } })).payload).toMatchObject(payload);

  await keyboard.press("s");
  await page.getByRole("dialog", { name: "Keep as an eval case" }).waitFor();
  found.push(...(await barriers(page)));
  await keyboard.press("Enter");
  await page.getByText("It is kept in dead letters@1, which has 1 case.").waitFor();
  await keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  expect((await app.state.datasetItemRow.findFirstOrThrow()).content).toMatchObject({ input: { message: payload.message } });

  await keyboard.press("h");
  await page.getByRole("slider").waitFor();
  await keyboard.press("y");
  const form = page.getByRole("dialog", { name: "Replay this task" });
  await eventually(() => form.getByLabel("From step").evaluate((field) => field === document.activeElement)).toBe(true);
  await keyboard.press("Shift+Tab");
  await keyboard.press("Enter");
  await page.getByRole("option", { name: "Recorded: nobody is asked" }).waitFor();
  await keyboard.press("ArrowDown");
  await keyboard.press("Enter");
  await tabTo(page, form.getByRole("button", { name: "Add an answer" }));
  await keyboard.press("Enter");
  await tabTo(page, form.getByLabel("Name of the tool"));
  await keyboard.press("Control+a");
  await keyboard.type("get_reservation_details");
  await tabTo(page, form.getByRole("checkbox", { name: "refuses" }));
  await keyboard.press("Space");
  await tabTo(page, form.getByLabel("Answers"));
  await keyboard.type(REFUSAL);
  found.push(...(await barriers(page)));
  await tabTo(page, form.getByRole("button", { name: "Replay it" }));
  await keyboard.press("Enter");

  await page.getByRole("heading", { level: 1, name: "Replay of look a booking up" }).waitFor();
  await page.getByText("At step 3, step").waitFor();
  await page.getByText("Another outcome").first().waitFor();
  await page.locator("li[data-different=true]").getByText(REFUSAL).first().waitFor();
  found.push(...(await barriers(page)));
  const replay = await app.state.replayRow.findFirstOrThrow({ where: { taskId: String(letter.taskId) } });
  expect(replay).toMatchObject({
    status: "done",
    outcome: "diverged",
    attempts: 1,
    report: { replayed: { status: "done" }, executed: { move: 2 } },
  });
  await keyboard.press("s");
  await page.getByRole("dialog", { name: "Keep as an eval case" }).waitFor();
  await keyboard.press("Enter");
  await page.getByText("It is kept in replays@1, which has 1 case.").waitFor();
  await keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });

  await keyboard.press("Escape");
  await page.getByRole("slider").waitFor();
  await keyboard.press("q");
  await page.getByText("It failed in a way that another attempt would fail in too.").waitFor();
  await keyboard.press("Escape");
  await letters.waitFor();
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

test("an operator replays a whole group after a dry run, recorded and live, follows it to its end, and goes from what came of it to one of its replays", async () => {
  await using opened = await openPage(browser, app);
  const { page, open } = opened;
  const { keyboard } = page;
  const found: string[] = [];
  const { fingerprint } = await app.state.deadLetter.findFirstOrThrow({ where: { message: NOT_LOADED } });
  await open(`/dead-letters/groups/${fingerprint}?state=all`);
  await page.getByRole("grid", { name: "Letters of this group" }).waitFor();
  await keyboard.press("y");
  const form = page.getByRole("dialog", { name: "Replay all tasks of this group" });
  await form.getByText("3 tasks would be replayed.").waitFor();
  await keyboard.type("9.9.9+00000000");
  await keyboard.press("Enter");
  await form.getByText("0 of 3 tasks would be replayed.").waitFor();
  await form.getByText("3 tasks left out:").waitFor();
  await eventually(() => form.getByRole("button", { name: "Replay 0 tasks" }).isDisabled()).toBe(true);
  await keyboard.press("Control+a");
  await keyboard.press("Delete");
  await keyboard.press("Enter");
  await form.getByText("3 tasks would be replayed.").waitFor();
  found.push(...(await barriers(page)));
  await eventually(() => form.getByRole("button", { name: "Replay 3 tasks" }).isEnabled()).toBe(true);
  await keyboard.press("Enter");

  await page.getByRole("heading", { level: 1, name: "Replays of a group" }).waitFor();
  await page.getByText("3 identical").waitFor();
  await page.getByText("Ended", { exact: true }).waitFor();
  const replays = page.getByRole("grid", { name: "Replays of this batch" });
  await eventually(() => replays.getByText("Identical").count()).toBe(3);
  found.push(...(await barriers(page)));
  await keyboard.press("j");
  await keyboard.press("Enter");
  await page.getByText("Everything went as it is on record.").waitFor();
  await tabTo(page, page.getByRole("link", { name: "others" }));
  await keyboard.press("Enter");
  await replays.waitFor();
  await open(`/dead-letters/groups/${fingerprint}`);
  await page.getByRole("region", { name: "Replays of this group" }).getByRole("link", { name: "3 tasks replayed: recorded" }).waitFor();

  await keyboard.press("y");
  await form.getByText("3 tasks would be replayed.").waitFor();
  await keyboard.press("Shift+Tab");
  await keyboard.press("Enter");
  await page.getByRole("option", { name: "Live: ask and run anew" }).waitFor();
  await keyboard.press("ArrowUp");
  await keyboard.press("Enter");
  await form.getByText("models are asked, which costs what they cost").waitFor();
  const effects = form.getByRole("checkbox", { name: "Also call tools of others (MCP), with whatever effect they have" });
  await tabTo(page, effects);
  await keyboard.press("Space");
  await form.getByLabel("Type 3 to confirm").waitFor();
  const submit = form.getByRole("button", { name: "Replay 3 tasks" });
  expect(await submit.isDisabled()).toBe(true);
  found.push(...(await barriers(page)));
  await keyboard.press("Space");
  await eventually(() => submit.isEnabled()).toBe(true);
  await tabTo(page, submit);
  await keyboard.press("Enter");
  await page.getByRole("heading", { level: 1, name: "Replays of a group" }).waitFor();
  await page.getByText("live from step 1", { exact: true }).waitFor();
  await page.getByText("Ended", { exact: true }).waitFor();
  expect(found).toEqual([]);
  expect(opened.scriptErrors).toEqual([]);
});

test("an operator keeps a whole group as eval cases, by keyboard alone", async () => {
  await using opened = await openPage(browser, app);
  const { page, open } = opened;
  const { keyboard } = page;
  const { fingerprint } = await app.state.deadLetter.findFirstOrThrow({ where: { message: NOT_LOADED } });
  await open(`/dead-letters/groups/${fingerprint}?state=all`);
  await page.getByRole("grid", { name: "Letters of this group" }).waitFor();
  await keyboard.press("s");
  const dialog = page.getByRole("dialog", { name: "Keep as eval cases" });
  await dialog.getByText("becomes items of a dataset").waitFor();
  await keyboard.press("Control+a");
  await keyboard.type("bookings");
  const found = await barriers(page);
  await keyboard.press("Enter");
  await dialog.getByText("3 of 3 are new in bookings@1, which has 3 cases.").waitFor();
  found.push(...(await barriers(page)));
  await keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  expect(found).toEqual([]);
  expect(opened.scriptErrors).toEqual([]);
});
