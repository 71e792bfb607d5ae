import { StreamableHTTPError } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { expect, test } from "vitest";
import { failureOutcome } from "./failureOutcome.ts";

const CALL = { tool: "weather.order", server: "weather", timeoutMs: 1_000, isRepeatable: false };
const LONG = "hail ".repeat(20_000);

test("only the beginning of a server's error page is logged", () => {
  const { outcome } = failureOutcome(new StreamableHTTPError(429, LONG), CALL);
  if (outcome.kind !== "not_sent") throw new TypeError(`it is ${outcome.kind}`);
  expect((outcome.why.cause as Error).message).toMatch(/^Error: Streamable HTTP error: hail .*characters are left out\]$/s);
  expect((outcome.why.cause as Error).stack?.length).toBeLessThan(4_000);
});

test.each([
  { status: 429, kind: "not_sent", words: "answered 429." },
  { status: 503, kind: "not_sent", words: "answered 503." },
  { status: 500, kind: "unknown", words: "answered 500 to weather.order." },
  { status: 502, kind: "unknown", words: "answered 502 to weather.order." },
])("a server that answers $status: $kind, and the connection stays", ({ status, kind, words }) => {
  const { outcome, isConnected } = failureOutcome(new StreamableHTTPError(status, "no"), CALL);
  expect({ outcome, isConnected }).toMatchObject({
    outcome: { kind, why: { message: expect.stringContaining(words) } },
    isConnected: true,
  });
});

test.each([
  { code: "ECONNREFUSED", syscall: "connect", kind: "not_sent", isConnected: false },
  { code: "EHOSTUNREACH", syscall: "connect", kind: "not_sent", isConnected: false },
  { code: "UND_ERR_CONNECT_TIMEOUT", kind: "not_sent", isConnected: false },
  { code: "ECONNRESET", syscall: "read", kind: "unknown", isConnected: true },
])("a request that failed with $code: $kind", ({ kind, isConnected, ...how }) => {
  const error = new TypeError("fetch failed", { cause: Object.assign(new Error("it failed"), how) });
  expect(failureOutcome(error, CALL)).toMatchObject({ outcome: { kind }, isConnected });
});
