import { expect, test } from "vitest";
import { expectedOf } from "../testing/expectations.ts";
import { javaScript, sentAndRead } from "../testing/interop/interop.ts";

test("what a person sees of Langfuse v5", async () => {
  const seen = await sentAndRead(javaScript("langfuse"));
  expect(seen.traces).toBe(expectedOf("langfuse"));
  expect(seen.list).toEqual(["trip: 4 spans, 1020 to 105 tokens, $0.253 estimated, session s1"]);
});
