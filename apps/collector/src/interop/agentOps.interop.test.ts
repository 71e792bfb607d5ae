import { expect, test } from "vitest";
import { expectedOf } from "../testing/expectations.ts";
import { javaScript, sentAndRead } from "../testing/interop/interop.ts";

test("what a person sees of AgentOps for JavaScript", async () => {
  const seen = await sentAndRead(javaScript("agentOps"));
  expect(seen.traces).toBe(expectedOf("agentops-js"));
  expect(seen.list).toEqual(["Agent workflow: 5 spans, 2000 to 200 tokens, $0, session none"]);
});
