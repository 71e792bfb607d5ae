import { expect, test } from "vitest";
import { expectedOf } from "../testing/expectations.ts";
import { javaScript, sentAndRead } from "../testing/interop/interop.ts";

test("what a person sees of Vercel's AI SDK 7 with its legacy telemetry", async () => {
  const seen = await sentAndRead(javaScript("vercelAi7", "legacy"));
  expect(seen.traces).toBe(expectedOf("vercel-ai-7-legacy"));
  expect(seen.list).toEqual([
    "ai.generateText: 4 spans, 2000 to 200 tokens, $0.006 estimated, session none",
    "ai.embed: 2 spans, 4 to no tokens, $0.00000008 estimated, session none",
  ]);
});
