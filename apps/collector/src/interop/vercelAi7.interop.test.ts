import { expect, test } from "vitest";
import { expectedOf } from "../testing/expectations.ts";
import { javaScript, sentAndRead } from "../testing/interop/interop.ts";

test("what a person sees of Vercel's AI SDK 7", async () => {
  const seen = await sentAndRead(javaScript("vercelAi7"));
  expect(seen.traces).toBe(expectedOf("vercel-ai-7"));
  expect(seen.list).toEqual([
    "invoke_agent gpt-4o: 6 spans, 2000 to 200 tokens, $0.006 estimated, session none",
    "embeddings text-embedding-3-small: 2 spans, 4 to no tokens, $0.00000008 estimated, session none",
    "decide gpt-4o-mini: 2 spans, 1000 to 10 tokens, $0.000156 estimated, session none",
  ]);
});
