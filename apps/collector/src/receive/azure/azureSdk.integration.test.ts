import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { INSTRUMENTATION_KEY } from "../../testing/builders/azureBuilders.ts";
import { oneKey } from "../../testing/oneKey.ts";
import { startTestCollector } from "../../testing/testCollector.ts";
import { startTestStore, type TestStore } from "../../testing/testStore.ts";
import { untilWritten } from "../../testing/untilTrue.ts";

const AGENT = fileURLToPath(new URL("../../testing/interop/azureAgent.ts", import.meta.url));

let store: TestStore;
beforeAll(async () => {
  store = await startTestStore();
});
afterAll(async () => {
  await store[Symbol.asyncDispose]();
});

async function runAgent(tlsUrl: string, caFile: string): Promise<void> {
  const told = { INTEROP_COLLECTOR_TLS_URL: tlsUrl, INTEROP_UUID: INSTRUMENTATION_KEY };
  const env = { ...process.env, NODE_EXTRA_CA_CERTS: caFile, ...told };
  const agent = fork(AGENT, [], { env, execArgv: [], stdio: "ignore" });
  expect((await once(agent, "exit"))[0]).toBe(0);
}

test("an agent that exports to Azure Monitor, with our key in its connection string, sends its spans, exceptions, logs and scores over TLS", async () => {
  const keySource = oneKey(INSTRUMENTATION_KEY, "shop");
  await using collector = await startTestCollector({ isKeyRequired: true }, store.insert, { keySource });
  await runAgent(collector.tlsUrl, collector.caFile);
  const logs = () => store.rows("SELECT event_name, body, severity, attributes, trace_id, span_id FROM logs FINAL ORDER BY event_name");
  const scores = () => store.rows("SELECT name, value, scorer, trace_id, span_id FROM scores FINAL");
  await untilWritten(collector.url);

  const [root, chat, , agent] = await store.rows(
    `SELECT * REPLACE (lower(hex(trace_id)) AS trace_id, lower(hex(span_id)) AS span_id, lower(hex(parent_span_id)) AS parent_span_id), dateDiff('microsecond', start_time, end_time) AS lastedUs FROM spans FINAL ORDER BY name`,
  );
  expect(root).toMatchObject({
    ...{ name: "POST /ask", parent_span_id: "0".repeat(16), status: "error", service: "clerk", release: "1.2.3", environment: "prod" },
    project: "shop",
    ...{ session: "s1", user: "u1", start_time: "2026-01-02 03:04:05.678000000", lastedUs: "2000000" },
  });
  expect(chat).toMatchObject({
    ...{ name: "chat gpt-4o", kind: "llm", parent_span_id: agent?.span_id, trace_id: root?.trace_id, provider: "microsoft.foundry" },
    ...{ input_tokens: 1_000, output_tokens: 10, cost_usd: 0.0026, status: "ok", lastedUs: "1234000", service: "clerk" },
    model: "gpt-4o-2024-08-06",
    input_messages: expect.stringContaining('{"role":"user","parts":[{"type":"text","content":"größe \u{1f600}"}]}'),
  });
  const where = { trace_id: root?.trace_id, span_id: root?.span_id };
  expect(await logs()).toMatchObject([
    { ...where, event_name: "", body: "seen", severity: "Warning", attributes: { n: "1" } },
    { ...where, event_name: "exception", attributes: { "exception.type": "TypeError", "exception.message": "no seat" } },
  ]);
  expect(await scores()).toEqual([{ ...where, name: "helpful", value: 0.9, scorer: "clerk" }]);
});
