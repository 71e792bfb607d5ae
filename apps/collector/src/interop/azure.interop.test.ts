import { expect, test } from "vitest";
import { expectedOf } from "../testing/expectations.ts";
import { anAgent, sentAndRead } from "../testing/interop/interop.ts";

test("what a person sees of an agent of Azure AI Foundry that exports to Azure Monitor", async () => {
  const seen = await sentAndRead(anAgent("azureAgent"));
  expect(seen.traces).toBe(expectedOf("azure-monitor"));
  expect(seen.list).toEqual(["POST /ask: 4 spans, 1000 to 10 tokens, $0.0026 estimated, session s1"]);
});
