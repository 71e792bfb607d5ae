import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { portsAt } from "@signalbox/model";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { launchBrowser } from "./testing/browser.ts";
import { openPage } from "./testing/consolePage.ts";
import { eventually } from "./testing/eventually.ts";
import { type RunningSignalbox, root, startSignalbox } from "./testing/signalbox.ts";

const RUNTIME = join(root, "apps/agent-runtime/src");
const STUB = join(RUNTIME, "testing/modelStubMain.ts");
const WEATHER_SERVER = join(RUNTIME, "services/tools/mcp/__fixtures__/weatherServer.ts");

const TODAY = { range: { kind: "last", ms: 86_400_000 } } as const;
const FORECAST = { name: "weather__forecast", arguments: '{"city":"Oslo"}' };
const ANSWER = `It will be sunny in Oslo${" and sunny".repeat(40)}.`;
const ANSWERS = [
  { kind: "says", calls: [FORECAST], usage: { prompt_tokens: 1_000, completion_tokens: 30 } },
  { kind: "says", content: ANSWER, wordEveryMs: 40, usage: { prompt_tokens: 1_400, completion_tokens: 10 } },
];
const COST_USD = (2_400 * 0.15 + 40 * 0.6) / 1e6;

let stub: ChildProcess;
let folder: string;
let browser: Browser;
let signalbox: RunningSignalbox;

beforeAll(async () => {
  browser = await launchBrowser();
  stub = fork(STUB, [JSON.stringify(ANSWERS)], { stdio: ["ignore", "pipe", "inherit", "ipc"] });
  if (stub.stdout === null) throw new Error("the stub has no output");
  const [url] = await once(stub.stdout, "data");
  folder = mkdtempSync(join(tmpdir(), "signalbox-tools-"));
  const weather = { command: process.execPath, args: [WEATHER_SERVER, join(folder, "orders")], tools: { airline: ["forecast"] } };
  writeFileSync(join(folder, "tools.json"), JSON.stringify({ mcpServers: { weather } }));
  signalbox = await startSignalbox({
    SIGNALBOX_LLM_URL: String(url).trim(),
    SIGNALBOX_LLM_KEY: "sk-test",
    SIGNALBOX_LLM_MODEL: "gpt-4o-mini",
    SIGNALBOX_TOOLS_FILE: join(folder, "tools.json"),
  });
});
afterAll(async () => {
  await browser?.close();
  await signalbox?.[Symbol.asyncDispose]();
  stub?.kill();
  rmSync(folder, { recursive: true, force: true });
});

/** An event of a task, as a client of server-sent events reads it. */
type Told = { kind: string; data: Record<string, unknown> };

/** Follows a task to its end; `told` collects its events. */
async function follow(gatewayUrl: string, id: string): Promise<{ told: Told[]; ended: Promise<void> }> {
  const answer = await fetch(`${gatewayUrl}/v1/tasks/${id}/events`);
  const told: Told[] = [];
  const read = async () => {
    let text = "";
    for await (const chunk of (answer.body ?? new ReadableStream()).pipeThrough(new TextDecoderStream())) {
      const blocks = (text + chunk).split("\n\n");
      text = blocks.pop() ?? "";
      for (const block of blocks) {
        const [, kind, data] = /^event: (.*)\ndata: (.*)$/m.exec(block) ?? [];
        if (kind !== undefined && data !== undefined) told.push({ kind, data: JSON.parse(data) });
      }
    }
  };
  return { told, ended: read() };
}

const draftsIn = (told: readonly Told[]) => told.flatMap(({ kind, data }) => (kind === "draft" ? [data] : []));
const textOf = (drafts: readonly Record<string, unknown>[]): string => drafts.map(({ text }) => text).join("");

test("a task planned by a model streams its text, calls a tool of an MCP server, and is a trace with tokens and cost", async () => {
  const gatewayUrl = `http://127.0.0.1:${portsAt(signalbox.portOffset).gateway}`;
  const request = { name: "Ask a model", domain: "airline", world: "demo", message: "How is Oslo?", planner: { kind: "llm" } };
  const posted = await fetch(`${gatewayUrl}/v1/tasks`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(request),
  });
  expect(posted.status).toBe(201);
  const { id, traceId } = z.object({ id: z.string(), traceId: z.string() }).parse(await posted.json());

  const early = await follow(gatewayUrl, id);
  await eventually(() => draftsIn(early.told).length).toBeGreaterThanOrEqual(3);
  const soFar = textOf(draftsIn(early.told));
  const late = await follow(gatewayUrl, id);
  await Promise.all([early.ended, late.ended]);

  const drafts = draftsIn(early.told);
  expect(drafts.map(({ isStart }) => isStart)).toEqual(drafts.map((_, index) => index === 0));
  expect(ANSWER.startsWith(textOf(drafts))).toBe(true);
  const [first] = draftsIn(late.told);
  expect(first).toMatchObject({ isStart: true, text: expect.stringMatching(new RegExp(`^${soFar}`)) });
  const order = early.told.map(({ kind }) => kind);
  expect(order.indexOf("draft")).toBeGreaterThan(order.indexOf("decision"));
  expect(early.told.at(-1)).toMatchObject({ kind: "end", data: { status: "done", result: { answers: [ANSWER] } } });

  const { traces, decisions } = signalbox.client;
  const summaryNow = async () => {
    const listed = await traces.list.query({ ...TODAY, filter: { model: "gpt-4o-mini-2024-07-18" } });
    return listed.traces.find((candidate) => candidate.traceId === traceId);
  };
  await eventually(summaryNow).toMatchObject({ status: "ok", inputTokens: 2_400, outputTokens: 40, costUsd: expect.closeTo(COST_USD, 10) });
  const called = expect.arrayContaining([expect.objectContaining({ chosen: "call weather.forecast" })]);
  await eventually(async () => (await decisions.byTrace.query({ traceId })).tasks[0]).toMatchObject({
    chain: { kind: "whole" },
    decisions: called,
  });

  for (const theme of ["light", "dark"] as const) {
    await using shown = await openPage(browser, { url: signalbox.consoleUrl }, theme);
    const { page } = shown;
    await shown.open(`/traces/${traceId}`);
    await page.getByText("execute_tool weather.forecast").first().click();
    await page.getByText("Sun over Oslo.").first().waitFor();
    await eventually(() => page.locator("header").filter({ hasText: "Started" }).textContent()).toMatch(/gpt-4o-mini-2024-07-18.*2,4\d\d/);
    if (process.env.SIGNALBOX_PICTURES !== undefined) {
      await page.screenshot({ path: join(process.env.SIGNALBOX_PICTURES, `trace-${theme}.png`) });
      await shown.open(`/traces/${traceId}?view=conversation`);
      await page.getByRole("log", { name: "Conversation" }).waitFor();
      await page.screenshot({ path: join(process.env.SIGNALBOX_PICTURES, `conversation-${theme}.png`) });
    }
    expect(shown.scriptErrors).toEqual([]);
  }
});
