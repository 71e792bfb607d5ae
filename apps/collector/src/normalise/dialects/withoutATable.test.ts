import { afterEach, expect, test, vi } from "vitest";
import { type AttributeValue, decodeSpans, type OtlpSpan } from "../../decode/index.ts";
import { aSpanOf } from "../../testing/aSpanOf.ts";
import { expectedOf, recordedOf } from "../../testing/expectations.ts";
import { traceSnapshot } from "../../testing/traceSnapshot.ts";

afterEach(() => {
  vi.doUnmock("./index.ts");
  vi.resetModules();
});

/** The spans as normalised by an engine without the table of that name. */
async function toldWithout(dialect: string, spans: readonly OtlpSpan[]): Promise<string> {
  vi.resetModules();
  vi.doMock("./index.ts", async (original) => {
    const tables = await original<typeof import("./index.ts")>();
    return { ...tables, DIALECTS: tables.DIALECTS.filter(({ name }) => name !== dialect) };
  });
  const { normalised } = await import("../../testing/normalised.ts");
  return traceSnapshot(spans.map(normalised));
}

const recorded = (framework: string): OtlpSpan[] => decodeSpans(recordedOf(framework), "json");

test.each([
  ["openinference", "openinference"],
  ["traceloop", "traceloop"],
  ["vercel-ai", "vercel-ai-6"],
  ["otel-gen-ai", "vercel-ai-7"],
  ["langfuse", "langfuse"],
  ["langfuse", "langfuse-python"],
  ["agentops", "agentops-python"],
  ["agentops", "agentops-js"],
  ["otel-gen-ai", "openllmetry-python"],
])("without the table %s a person sees something else of %s", async (dialect, framework) => {
  expect(expectedOf(framework)).toContain(`dialect ${dialect}`);
  expect(await toldWithout("none of them", recorded(framework))).toBe(expectedOf(framework));
  expect(await toldWithout(dialect, recorded(framework))).not.toBe(expectedOf(framework));
});

/** Attributes of the dialects of which no whole request was recorded: the same as in tables.test.ts. */
const SAID: readonly (readonly [dialect: string, attributes: Readonly<Record<string, AttributeValue>>, seen: string])[] = [
  [
    "langsmith",
    { "langsmith.span.kind": "tool", "langsmith.tool.name": "look", "gen_ai.prompt": '{"a":1}', "gen_ai.completion": "found" },
    "tool: work",
  ],
  [
    "azure",
    { "az.namespace": "x", "gen_ai.operation.name": "process_thread_run", "gen_ai.agent.id": "clerk", "gen_ai.thread.id": "t1" },
    "agent: work, agent clerk",
  ],
];

test.each(SAID)("without the table %s the spans of its SDKs look different", async (dialect, attributes, seen) => {
  const told = await toldWithout("none of them", [aSpanOf(attributes)]);
  expect(told).toContain(`dialect ${dialect}`);
  expect(told).toContain(seen);
  expect(await toldWithout(dialect, [aSpanOf(attributes)])).not.toContain(seen);
});
