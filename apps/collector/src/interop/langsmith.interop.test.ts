import { expect, test } from "vitest";
import { expectedOf } from "../testing/expectations.ts";
import { javaScript, sentAndRead } from "../testing/interop.ts";

test("what a person sees of LangSmith for JavaScript over OpenTelemetry", async () => {
  const seen = await sentAndRead(javaScript("langsmith"));
  expect(seen.traces).toBe(expectedOf("langsmith-js-otel"));
  expect(seen.list).toEqual(["clerk: 4 spans, 2000 to 200 tokens, $0.006 estimated, session s1"]);
});
