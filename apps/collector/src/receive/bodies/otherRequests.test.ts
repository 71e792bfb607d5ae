import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { expect, test } from "vitest";
import { aSpan, attributes, tracesRequest } from "../../testing/otlpBuilders.ts";
import { startTestCollector } from "../../testing/testCollector.ts";

test("while a request of 63 MiB is looked into, others are answered", async () => {
  await using collector = await startTestCollector();
  const spans = Array.from({ length: 60_000 }, (_, index) =>
    aSpan({ attributes: attributes({ index, words: "to be or not ".repeat(60) }) }),
  );
  const body = Buffer.from(JSON.stringify(tracesRequest(spans)));
  expect(body.length).toBeGreaterThan(60_000_000);

  const large = request(`${collector.url}/v1/traces`, { method: "POST", headers: { "content-type": "application/json" } });
  const answered = once(large, "response") as Promise<[IncomingMessage]>;
  large.end(body);
  // All but what the sockets hold of it has arrived.
  await once(large, "finish");
  let others = 0;
  let isAnswered = false;
  void answered.then(() => {
    isAnswered = true;
  });
  for (; !isAnswered; others += 1) expect((await fetch(`${collector.url}/healthz`)).status).toBe(200);
  const [response] = await answered;
  expect(response.statusCode).toBe(200);
  // Some hundred are while the last of it arrives; thousands where nobody waits.
  expect(others).toBeGreaterThan(500);
});
