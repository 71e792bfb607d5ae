import { expect, test } from "vitest";
import { expectedOf } from "../testing/expectations.ts";
import { javaScript, sentAndRead } from "../testing/interop/interop.ts";

test("what a person sees of OpenInference", async () => {
  const seen = await sentAndRead(javaScript("openInference"));
  expect(seen.traces).toBe(expectedOf("openinference"));
  expect(seen.list).toEqual([
    "clerk: 4 spans, 2000 to 200 tokens, $0.006 estimated, session s1",
    "OpenAI Embeddings: 1 spans, no to no tokens, $0, session s1",
  ]);
});
