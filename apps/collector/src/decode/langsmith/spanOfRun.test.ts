import { expect, test } from "vitest";
import type { RunFields } from "./langSmithRequest.ts";
import { spanIdOfRun } from "./runId.ts";
import { spanOfRun } from "./spanOfRun.ts";
import { usageOfRun } from "./usageOfRun.ts";

const ROOT = "01a2166c-f4c5-7000-8000-026b8e1c505f";
const CHILD = "01A2166C-F4C7-7000-8000-010F770856F1";
const hex = (uuid: string): string => uuid.replaceAll("-", "").toLowerCase();
const ROOT_ORDER = `20261126T055609029001Z${ROOT}`;
const STARTED = 1_795_672_569_029_001_000n;

function span(fields: RunFields, runId = hex(ROOT)) {
  const outcome = spanOfRun(runId, fields);
  if (outcome.kind !== "span") throw new Error(outcome.reason);
  return outcome.span;
}

test("a root's trace id is its UUID; its span id is the start of the SHA-256 of that UUID", () => {
  expect(span({ dotted_order: ROOT_ORDER })).toMatchObject({
    traceId: "01a2166cf4c570008000026b8e1c505f",
    spanId: "04de1dd86973fbe6",
    parentSpanId: "",
    startTimeUnixNano: STARTED,
  });
});

test("dotted_order alone gives trace, parent and start, whatever the case of its ids", () => {
  const child = span({ dotted_order: `${ROOT_ORDER}.20261126T055609031002Z${CHILD}`, start_time: 1 }, hex(CHILD));
  expect(child).toMatchObject({
    traceId: hex(ROOT),
    spanId: spanIdOfRun(hex(CHILD)),
    parentSpanId: spanIdOfRun(hex(ROOT)),
    startTimeUnixNano: 1_795_672_569_031_002_000n,
  });
});

test.each([
  ["microseconds", "2026-11-26T05:56:09.029001Z", STARTED],
  ["an offset", "2026-11-26T06:56:09.029001+01:00", STARTED],
  ["no offset, which is UTC", "2026-11-26T05:56:09.029001", STARTED],
  ["milliseconds as a number", 1_795_672_569_029.001, STARTED],
])("a start without dotted_order is read with %s", (_name, start, nanos) => {
  expect(span({ start_time: start }).startTimeUnixNano).toBe(nanos);
});

test.each([
  [{ dotted_order: "20261126T055609029001Z" }, "began"],
  [{ start_time: "yesterday" }, "began"],
  [{ dotted_order: 7, start_time: {} }, "began"],
  [{ start_time: "2026-11-26T05:56:09Z", parent_run_id: CHILD }, "trace"],
] as [RunFields, string][])("%j makes no span: nothing tells %s", (fields, missing) => {
  expect(spanOfRun(hex(ROOT), fields)).toEqual({ kind: "incomplete", reason: expect.stringContaining(missing) });
});

test("an end before the start becomes the start, and the status says whether the run failed, ended or is running", () => {
  const ended = (fields: RunFields) => {
    const { endTimeUnixNano, statusCode, statusMessage } = span({ dotted_order: ROOT_ORDER, ...fields });
    return [endTimeUnixNano - STARTED, statusCode, statusMessage];
  };
  expect(ended({ end_time: 1_795_672_569_029 })).toEqual([0n, 1, ""]);
  expect(ended({ end_time: "2026-11-26T05:56:10.029001+00:00" })).toEqual([1_000_000_000n, 1, ""]);
  expect(ended({})).toEqual([0n, 0, ""]);
  expect(ended({ end_time: 1_795_672_570_000, error: "no seat" })).toEqual([970_999_000n, 2, "no seat"]);
});

test("an agent's address names agent and environment; evaluators are told apart from a project's runs", () => {
  const address = "lrn:agents/clerk/environments/production";
  const { origin } = span({ dotted_order: ROOT_ORDER, address, extra: { metadata: { revision_id: "r1" } } });
  expect(Object.fromEntries(origin.resource)).toEqual({
    "service.name": "clerk",
    "service.version": "r1",
    "deployment.environment.name": "production",
  });
  expect(span({ dotted_order: ROOT_ORDER, session_name: "evaluators" }).attributes.get("langsmith.role")).toBe("evaluator");
  expect(span({ dotted_order: ROOT_ORDER, extra: { metadata: { ls_agent_type: "root" } } }).attributes.get("langsmith.role")).toBe("agent");
});

test("fields without a place of their own are kept under their names, empty ones are left out", () => {
  const { attributes } = span({
    dotted_order: ROOT_ORDER,
    session_name: "shop",
    reference_example_id: "e1",
    child_runs: [],
    manifest_id: "m",
    serialized: { name: "x" },
    extra: { batch_size: 1, metadata: { a: { b: 1 } }, runtime: { sdk: "langsmith-js" } },
    "attachment.note": { mediaType: "text/plain", bytes: 5 },
  });
  expect(Object.fromEntries(attributes)).toEqual({
    "langsmith.span.id": ROOT,
    "langsmith.trace.id": ROOT,
    "langsmith.span.dotted_order": ROOT_ORDER,
    "langsmith.trace.session_name": "shop",
    "langsmith.reference_example_id": "e1",
    "langsmith.run.manifest_id": "m",
    "langsmith.run.serialized": '{"name":"x"}',
    "langsmith.extra.batch_size": 1,
    "langsmith.metadata.a": '{"b":1}',
    "langsmith.attachments": [{ name: "note", mediaType: "text/plain", bytes: 5 }],
  });
});

test("events keep their time and content", () => {
  const { events } = span({
    dotted_order: ROOT_ORDER,
    events: [{ name: "new_token", time: "2026-11-26T05:56:10Z", kwargs: { token: "a" } }, 7],
  });
  expect(events.map(({ attributes, ...event }) => ({ ...event, ...Object.fromEntries(attributes) }))).toEqual([
    { name: "new_token", timeUnixNano: 1_795_672_570_000_000_000n, kwargs: { token: "a" } },
  ]);
});

const metadata = {
  input_tokens: 31,
  output_tokens: 9,
  total_tokens: 40,
  total_cost: 0.5,
  input_token_details: { cache_read: 12, cache_creation: 3 },
  output_token_details: { reasoning: 4 },
};
const whole = { input: 31, output: 9, cacheRead: 12, cacheWrite: 3, reasoning: 4, costUsd: 0.5 };
const none = { cacheRead: null, cacheWrite: null, reasoning: null, costUsd: null };

test.each([
  ["the outputs", { outputs: { usage_metadata: metadata } }, whole],
  ["the metadata", { extra: { metadata: { usage_metadata: metadata } } }, whole],
  ["LangChain's message", { outputs: { generations: [[{ message: { lc: 1, kwargs: { usage_metadata: metadata } } }]] } }, whole],
  [
    "OpenAI's completion",
    {
      outputs: {
        usage: {
          prompt_tokens: 31,
          completion_tokens: 9,
          prompt_tokens_details: { cached_tokens: 12 },
          completion_tokens_details: { reasoning_tokens: 4 },
        },
      },
    },
    { ...whole, cacheWrite: null, costUsd: null },
  ],
  [
    "Anthropic's answer, whose cached tokens stand beside the input",
    { outputs: { usage: { input_tokens: 16, output_tokens: 9, cache_read_input_tokens: 12, cache_creation_input_tokens: 3 } } },
    { ...whole, reasoning: null, costUsd: null },
  ],
  [
    "LangChain's older output",
    { outputs: { llm_output: { tokenUsage: { promptTokens: 31, completionTokens: 9 } } } },
    { input: 31, output: 9, ...none },
  ],
] as [string, RunFields, object][])("tokens are read from %s", (_name, fields, usage) => {
  expect(usageOfRun(fields)).toEqual(usage);
});
