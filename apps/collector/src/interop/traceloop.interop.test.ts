import { expect, test } from "vitest";
import { expectedOf } from "../testing/expectations.ts";
import { javaScript, sentAndRead } from "../testing/interop/interop.ts";

test("what a person sees of Traceloop's SDK (OpenLLMetry)", async () => {
  const seen = await sentAndRead(javaScript("traceloop"));
  expect(seen.traces).toBe(expectedOf("traceloop"));
  expect(seen.list).toEqual(["trip.workflow: 5 spans, 2000 to 200 tokens, $0.007 estimated, session s1"]);
});
