import { afterEach, expect, test, vi } from "vitest";
import { decodeSpans } from "../../decode/index.ts";
import { expectedOf, recordedOf } from "../../testing/expectations.ts";
import { traceSnapshot } from "../../testing/traceSnapshot.ts";

afterEach(() => {
  vi.doUnmock("./index.ts");
  vi.resetModules();
});

/** What a recorded request looks like to an engine that lacks the tables of one name. */
async function toldWithout(dialect: string, framework: string): Promise<string> {
  vi.resetModules();
  vi.doMock("./index.ts", async (original) => {
    const tables = await original<typeof import("./index.ts")>();
    return { ...tables, DIALECTS: tables.DIALECTS.filter(({ name }) => name !== dialect) };
  });
  const { normalised } = await import("../../testing/normalised.ts");
  return traceSnapshot(decodeSpans(recordedOf(framework), "json").map(normalised));
}

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
  expect(await toldWithout("none of them", framework)).toBe(expectedOf(framework));
  expect(await toldWithout(dialect, framework)).not.toBe(expectedOf(framework));
});
