import { expect, test } from "vitest";
import { expectedOf } from "../testing/expectations.ts";
import { anAgent, sentAndRead } from "../testing/interop/interop.ts";

test.each(["protobuf", "json", "grpc"])("what a person sees of OpenTelemetry for JavaScript over %s", async (protocol) => {
  const seen = await sentAndRead(anAgent("openTelemetryAgent", protocol));
  expect(seen.traces).toBe(expectedOf("opentelemetry-sdk"));
  expect(seen.list).toEqual(["invoke_agent clerk: 3 spans, 1000 to 100 tokens, $0.003 estimated, session s1"]);
});
