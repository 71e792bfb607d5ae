import { expect, test } from "vitest";
import { expectedOf } from "../testing/expectations.ts";
import { javaScript, sentAndRead } from "../testing/interop/interop.ts";

test("what a person sees of Vercel's AI SDK 6", async () => {
  const seen = await sentAndRead(javaScript("vercelAi6"));
  expect(seen.traces).toBe(expectedOf("vercel-ai-6"));
  expect(seen.list).toEqual([
    "ai.generateText: 4 spans, 2000 to 200 tokens, $0.006 estimated, session s1",
    "ai.generateObject: 2 spans, 1000 to 100 tokens, $0.0035 estimated, session s1",
    "ai.streamText: 2 spans, 1000 to 100 tokens, $0.003 estimated, session s1",
    "ai.embed: 2 spans, 4 to no tokens, $0.00000008 estimated, session s1",
  ]);
});
