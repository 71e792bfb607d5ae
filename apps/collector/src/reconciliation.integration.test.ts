import { createClickHouse, createLedgerReader } from "@signalbox/db/clickhouse";
import { backlogIn, parsePrometheusText, type Reconciliation, reconcile } from "@signalbox/model";
import { afterAll, beforeAll, expect, test } from "vitest";
import * as azure from "./testing/builders/azureBuilders.ts";
import { aRun, patches, posts } from "./testing/builders/langsmithBuilders.ts";
import { aSpan, attributes, logsRequest, tracesRequest } from "./testing/builders/otlpBuilders.ts";
import { startTestCollector } from "./testing/testCollector.ts";
import { startTestStore, type TestStore } from "./testing/testStore.ts";
import { untilTrue, untilWritten } from "./testing/untilTrue.ts";

let store: TestStore;
beforeAll(async () => {
  store = await startTestStore();
});
afterAll(async () => {
  await store[Symbol.asyncDispose]();
});

const post = (url: string, body: object | Buffer, status: number): Promise<void> =>
  fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: new Uint8Array(Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body))),
  }).then((answer) => expect(answer.status).toBe(status));

const backlogOf = async (url: string) => backlogIn(parsePrometheusText(await (await fetch(`${url}/metrics`)).text()));

/** The reconciliation of each source, judged as if every minute were over. */
async function reconciled(url: string): Promise<Map<string, Reconciliation>> {
  const clickhouse = createClickHouse(store.url);
  const to = Math.ceil(Date.now() / 60_000) * 60;
  const window = { from: to - 3_600, to, stepSeconds: 60 };
  const accounts = await createLedgerReader(clickhouse).accounts("", window, await backlogOf(url));
  await clickhouse.close();
  return new Map(reconcile({ ...accounts, readableUntilMs: to * 1_000 }).map((source) => [source.source, source]));
}

const NOTHING_ELSE = { rejected: 0, refused: 0, made: 0, missing: 0, deduplicated: 0 };

test("everything received adds up under its source: rejected, refused, sent again, and the rows made from it", async () => {
  await using collector = await startTestCollector({}, store.insert, store.langsmith);
  const { url } = collector;
  const again = tracesRequest([aSpan(), aSpan()]);
  const judged = aSpan({
    events: [
      {
        name: "gen_ai.evaluation.result",
        timeUnixNano: "1763900000000000000",
        attributes: attributes({ "gen_ai.evaluation.name": "helpful", "gen_ai.evaluation.score.value": 1 }),
      },
    ],
  });
  await post(`${url}/v1/traces`, again, 200);
  await untilWritten(url);
  await post(`${url}/v1/traces`, again, 200);
  await post(`${url}/v1/traces`, tracesRequest([judged, aSpan({ spanId: "00" })]), 200);
  await post(`${url}/v1/traces`, Buffer.from("{"), 400);
  await post(`${url}/api/public/otel/v1/traces`, tracesRequest([aSpan()]), 200);
  await post(`${url}/otel/v1/traces`, tracesRequest([aSpan(), aSpan()]), 200);
  const noDecision = { timeUnixNano: "1763900000000000000", eventName: "signalbox.decision", body: { stringValue: "{}" } };
  const aLog = { timeUnixNano: "1763900000000000000", body: { stringValue: "hello" } };
  await post(`${url}/v1/logs`, logsRequest([noDecision, aLog]), 200);
  const run = aRun();
  await post(`${url}/runs/multipart`, posts([run]), 202);
  await untilWritten(url);
  await post(`${url}/runs/multipart`, patches([run]), 202);
  await post(`${url}/v2.1/track`, [...azure.EVERY_ENVELOPE, azure.anEnvelope("PageViewData", {})], 206);

  // Wholly refused requests are reported to the ledger once a second.
  await untilTrue(async () => ((await reconciled(url)).get("otlp_traces_http")?.counts.unread ?? 0) > 0);
  await untilWritten(url);
  const writtenAt = Date.now();
  expect((await backlogOf(url)).readableUntilMs).toBeGreaterThan(writtenAt - 1);
  const sources = await reconciled(url);
  expect(Object.fromEntries([...sources].map(([source, { discrepancies, waiting }]) => [source, { discrepancies, waiting }]))).toEqual(
    Object.fromEntries([...sources.keys()].map((source) => [source, { discrepancies: [], waiting: 0 }])),
  );
  const counts = (source: string) => sources.get(source)?.counts;
  const traces = { received: 6, accepted: 5, rejected: 1, unread: 1, made: 1, stored: 6, readable: 4, deduplicated: 2, missing: 0 };
  expect(counts("otlp_traces_http")).toMatchObject(traces);
  expect(sources.get("otlp_traces_http")?.reasons).toEqual([
    { fate: "rejected", reason: "bad_span_id", records: 1 },
    { fate: "unread", reason: "malformed", records: 1 },
  ]);
  expect(counts("langfuse")).toMatchObject({ ...NOTHING_ELSE, received: 1, readable: 1 });
  expect(counts("langsmith_otel")).toMatchObject({ ...NOTHING_ELSE, received: 2, readable: 2 });
  expect(counts("otlp_logs_http")).toMatchObject({ ...NOTHING_ELSE, received: 2, refused: 1, stored: 1, readable: 1 });
  // Each of the two parts is a row, and the run is one span that was assembled twice.
  expect(counts("langsmith")).toMatchObject({ ...NOTHING_ELSE, received: 2, made: 2, stored: 4, readable: 3, deduplicated: 1 });
  const { received = 0, made = 0, stored = 0, readable } = counts("azure") ?? {};
  expect(counts("azure")).toMatchObject({ rejected: 1, refused: 0, missing: 0 });
  expect([stored, readable]).toEqual([received - 1 + made, stored]);
  expect(readable).toBe(
    await store.number(
      "SELECT (SELECT count() FROM spans FINAL WHERE source = 'azure') + (SELECT count() FROM logs FINAL WHERE source = 'azure') + (SELECT count() FROM scores FINAL WHERE source = 'azure') + (SELECT count() FROM metric_points FINAL WHERE source = 'azure')",
    ),
  );
});

test("records without room are turned away and counted; accepted ones wait, and then arrive", async () => {
  let isStoreUp = false;
  await using collector = await startTestCollector({ bytesMax: 6_000 }, async (insert) =>
    isStoreUp ? store.insert(insert) : { kind: "unavailable", reason: "it is down" },
  );
  const send = (): Promise<number> =>
    fetch(`${collector.url}/api/public/otel/v1/traces`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(tracesRequest([aSpan()])),
    }).then(({ status }) => status);
  const before = (await reconciled(collector.url)).get("langfuse")?.counts.received ?? 0;
  let accepted = 0;
  while ((await send()) === 200) accepted += 1;
  expect((await backlogOf(collector.url)).waiting).toEqual([{ project: "default", source: "langfuse", records: accepted }]);
  isStoreUp = true;
  await untilTrue(async () => (await reconciled(collector.url)).get("langfuse")?.counts.rejected === 1);
  await untilWritten(collector.url);
  const langfuse = (await reconciled(collector.url)).get("langfuse");
  expect(langfuse).toMatchObject({ discrepancies: [], waiting: 0, reasons: [{ fate: "rejected", reason: "turned_away", records: 1 }] });
  expect(langfuse?.counts.received).toBe(before + accepted + 1);
});
