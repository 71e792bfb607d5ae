import { request } from "node:http";
import { gzipSync } from "node:zlib";
import type { KnownKey } from "@signalbox/model";
import { expect, test } from "vitest";
import * as azure from "../../testing/builders/azureBuilders.ts";
import { oneKey } from "../../testing/oneKey.ts";
import { startTestCollector } from "../../testing/testCollector.ts";
import { untilTrue, untilWritten } from "../../testing/untilTrue.ts";

const post = (url: string, body: string | Buffer, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(url, { method: "POST", headers: { "content-type": "application/json", ...headers }, body: new Uint8Array(Buffer.from(body)) });

test("good items are all accepted, plain and gzipped, at the paths of exporters and of the older SDKs", async () => {
  await using collector = await startTestCollector();
  const body = JSON.stringify(azure.EVERY_ENVELOPE);
  for (const answer of [
    await post(`${collector.url}/v2.1/track`, body),
    await post(`${collector.url}/v2/track`, gzipSync(body), { "content-encoding": "gzip" }),
  ])
    expect([answer.status, await answer.json()]).toEqual([200, { itemsReceived: 8, itemsAccepted: 8, errors: [] }]);
  const rowsOf = (table: string): number => collector.stored.filter((stored) => stored.table === table).flatMap(({ rows }) => rows).length;
  await untilTrue(() => rowsOf("spans") === 4 && rowsOf("logs") === 6 && rowsOf("scores") === 2 && rowsOf("metric_points") === 2);
});

test("bad items among good ones are reported by position, and kept as rejected", async () => {
  await using collector = await startTestCollector();
  const envelopes = [azure.A_REQUEST, azure.anEnvelope("PageViewData", {}), azure.A_MESSAGE, { ...azure.A_DEPENDENCY, time: "now" }];
  const answer = await post(`${collector.url}/v2.1/track`, JSON.stringify(envelopes));
  expect([answer.status, await answer.json()]).toEqual([
    206,
    {
      itemsReceived: 4,
      itemsAccepted: 2,
      errors: [
        { index: 1, statusCode: 400, message: "telemetry of this kind is not taken: PageViewData" },
        { index: 3, statusCode: 400, message: expect.stringContaining("time is not a time of ISO 8601") },
      ],
    },
  ]);
  const rows = (): [string, number][] => collector.stored.map(({ table, rows }) => [table, rows.length]);
  await untilTrue(() => rows().flat().includes("rejected"));
  expect(rows()).toEqual(expect.arrayContaining([["rejected", 2]]));
});

test("a request that is unreadable, too large, or comes when the store is behind is refused whole", async () => {
  await using collector = await startTestCollector({ bytesMax: 20_000 }, async () => ({ kind: "unavailable", reason: "it is down" }));
  const url = `${collector.url}/v2.1/track`;
  const refused = (statusCode: number) => ({
    itemsReceived: 0,
    itemsAccepted: 0,
    errors: [expect.objectContaining({ index: 0, statusCode })],
  });
  const malformed = await post(url, "{");
  expect([malformed.status, await malformed.json()]).toEqual([400, refused(400)]);
  const bomb = await post(url, gzipSync(Buffer.alloc(64 * 1024 * 1024 + 1, " ")), { "content-encoding": "gzip" });
  expect([bomb.status, await bomb.json()]).toEqual([413, refused(413)]);
  expect((await post(url, "[]", { "content-encoding": "br" })).status).toBe(415);

  const body = JSON.stringify([azure.A_REQUEST]);
  let answer = await post(url, body);
  while (answer.status === 200) answer = await post(url, body);
  expect([answer.status, answer.headers.get("retry-after"), await answer.json()]).toEqual([503, "1", refused(503)]);
});

const OTHER_KEY = "99999999-2222-3333-4444-555555555555";
const withKeys = (isKeyRequired: boolean, terms: Partial<KnownKey> = {}) =>
  startTestCollector({ isKeyRequired }, undefined, { keySource: oneKey(azure.INSTRUMENTATION_KEY, "shop", terms) });

/** The names of the stored logs by project. */
async function storedLogs({ url, stored }: Awaited<ReturnType<typeof startTestCollector>>): Promise<Record<string, unknown>> {
  await untilWritten(url);
  const rows = stored.filter(({ table }) => table === "logs").flatMap(({ rows }) => rows);
  return Object.fromEntries(rows.map(({ body, project }) => [String(body), project]));
}

const messageWith = (iKey: string | undefined, message: string) => ({ ...azure.anEnvelope("MessageData", { message }), iKey });

test("an item's instrumentation key is an API key: it grants access and gives the project", async () => {
  await using collector = await withKeys(true);
  const items = [messageWith(azure.INSTRUMENTATION_KEY, "ours"), messageWith(azure.INSTRUMENTATION_KEY, "too")];
  const answer = await post(`${collector.url}/v2.1/track`, JSON.stringify(items));
  expect([answer.status, await answer.json()]).toEqual([200, { itemsReceived: 2, itemsAccepted: 2, errors: [] }]);
  expect(await storedLogs(collector)).toEqual({ ours: "shop", too: "shop" });
});

test("where keys are required, items with unknown keys are refused one by one, or whole if there are no others", async () => {
  await using collector = await withKeys(true);
  const url = `${collector.url}/v2.1/track`;
  const items = [messageWith(OTHER_KEY, "theirs"), messageWith(azure.INSTRUMENTATION_KEY, "ours"), messageWith(undefined, "nobody's")];
  const answer = await post(url, JSON.stringify(items));
  const refused = { statusCode: 401, message: expect.stringContaining("a key is needed") };
  expect([answer.status, await answer.json()]).toEqual([
    206,
    {
      itemsReceived: 3,
      itemsAccepted: 1,
      errors: [
        { index: 0, ...refused },
        { index: 2, ...refused },
      ],
    },
  ]);
  expect((await post(url, gzipSync(JSON.stringify([items[0]])), { "content-encoding": "gzip" })).status).toBe(401);
  expect((await post(url, "[]")).status).toBe(401);
  const crowd = Array.from({ length: 101 }, (_, index) => messageWith(`key ${index}`, "theirs"));
  expect((await post(url, JSON.stringify(crowd))).status).toBe(413);
  expect(await storedLogs(collector)).toEqual({ ours: "shop" });
});

test("where no key is required, items with unknown keys go to project default, and a bad item keeps its position", async () => {
  await using collector = await withKeys(false);
  const items = [messageWith(OTHER_KEY, "theirs"), messageWith(azure.INSTRUMENTATION_KEY, "ours"), azure.anEnvelope("PageViewData", {})];
  const answer = await post(`${collector.url}/v2.1/track`, JSON.stringify(items));
  const errors = [{ index: 2, statusCode: 400, message: expect.stringContaining("PageViewData") }];
  expect([answer.status, await answer.json()]).toEqual([206, { itemsReceived: 3, itemsAccepted: 2, errors }]);
  expect(await storedLogs(collector)).toEqual({ theirs: "default", ours: "shop" });
});

test.each([
  ["was revoked", { revokedAt: 1 }],
  ["has expired", { expiresAt: 1 }],
])("items with a key of ours that %s are refused, where others' go to project default", async (_how, terms) => {
  await using collector = await withKeys(false, terms);
  const items = [messageWith(azure.INSTRUMENTATION_KEY, "ours"), messageWith(OTHER_KEY, "theirs")];
  const answer = await post(`${collector.url}/v2.1/track`, JSON.stringify(items));
  const errors = [{ index: 0, statusCode: 401, message: expect.stringContaining("this key") }];
  expect([answer.status, await answer.json()]).toEqual([206, { itemsReceived: 2, itemsAccepted: 1, errors }]);
  expect(await storedLogs(collector)).toEqual({ theirs: "default" });
});

test("a stranger who uses up the strangers' budget does not affect senders with a key", async () => {
  const keySource = oneKey(azure.INSTRUMENTATION_KEY, "shop");
  await using collector = await startTestCollector({ isKeyRequired: true, bodiesBytesMax: 10_000 }, undefined, { keySource });
  const url = `${collector.url}/v2.1/track`;
  const body = JSON.stringify([messageWith(azure.INSTRUMENTATION_KEY, "x".repeat(5_000))]);
  const holding = request(url, { method: "POST", headers: { "content-length": 9_000 } }).on("error", () => {});
  holding.write("[".padEnd(8_000));
  await untilTrue(async () => (await post(url, body)).status === 503);
  expect((await post(url, body, { "x-api-key": azure.INSTRUMENTATION_KEY })).status).toBe(200);
  holding.destroy();
});
