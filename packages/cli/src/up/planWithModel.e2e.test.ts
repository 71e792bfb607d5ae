import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { createSignalboxClient } from "@signalbox/api/client";
import { portsAt } from "@signalbox/model";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { until } from "../testing/processes.ts";
import { consoleUrl, newPlace, type Place, type RunningSignalbox, upSignalbox } from "../testing/signalbox.ts";

const STUB = fileURLToPath(new URL("../../../../apps/agent-runtime/src/testing/modelStubMain.ts", import.meta.url));
const TODAY = { range: { kind: "last", ms: 86_400_000 } } as const;
const LIST_AIRPORTS = { name: "list_all_airports", arguments: "{}" };
const ANSWERS = [
  { kind: "says", calls: [LIST_AIRPORTS], usage: { prompt_tokens: 1_000, completion_tokens: 30 } },
  { kind: "says", content: "We fly to twenty cities.", usage: { prompt_tokens: 1_400, completion_tokens: 10 } },
];
const COST_USD = (2_400 * 0.15 + 40 * 0.6) / 1e6;

let stub: ChildProcess;
let place: Place;
let running: RunningSignalbox;

beforeAll(async () => {
  stub = fork(STUB, [JSON.stringify(ANSWERS)], { stdio: ["ignore", "pipe", "inherit", "ipc"] });
  if (stub.stdout === null) throw new Error("the stub has no output");
  const [url] = await once(stub.stdout, "data");
  place = await newPlace();
  const env = { SIGNALBOX_LLM_URL: String(url).trim(), SIGNALBOX_LLM_KEY: "sk-test", SIGNALBOX_LLM_MODEL: "gpt-4o-mini" };
  running = await upSignalbox(place, ["--demo-tasks", "1"], env);
});
afterAll(async () => {
  await running?.[Symbol.asyncDispose]();
  place?.[Symbol.dispose]();
  stub?.kill();
});

test("a task that a model plans is a trace with the model, its tokens and what they cost", async () => {
  const { traces, decisions } = createSignalboxClient(`${consoleUrl(place)}/api/trpc`);
  // The demo's first task is told once the demo's world is loaded, which this one needs, too.
  await until("a trace of the demo", 60_000, async () => (await traces.list.query({ ...TODAY, filter: {} })).traces.length > 0);
  const request = { name: "Ask a model", domain: "airline", world: "demo", message: "Where do you fly?", planner: { kind: "llm" } };
  const posted = await fetch(`http://127.0.0.1:${portsAt(place.portOffset).gateway}/v1/tasks`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(request),
  });
  expect(posted.status).toBe(201);
  const { traceId } = z.object({ traceId: z.string() }).parse(await posted.json());

  const { value: trace } = await until("the whole trace", 60_000, async () => {
    const listed = await traces.list.query({ ...TODAY, filter: { model: "gpt-4o-mini-2024-07-18" } });
    return listed.traces.find((candidate) => candidate.traceId === traceId && candidate.outputTokens === 40);
  });
  expect(trace).toMatchObject({ models: ["gpt-4o-mini-2024-07-18"], inputTokens: 2_400, outputTokens: 40, status: "ok" });
  expect(trace?.costUsd).toBeCloseTo(COST_USD, 10);

  const { entries } = await traces.conversation.query({ traceId });
  expect(JSON.stringify(entries)).toContain("We fly to twenty cities.");
  const { tasks } = await decisions.byTrace.query({ traceId });
  expect(tasks[0]?.chain).toEqual({ kind: "whole" });
  expect(tasks[0]?.decisions.map(({ chosen }) => chosen)).toContain("call list_all_airports");
});
