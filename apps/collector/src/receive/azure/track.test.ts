import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import * as azure from "../../testing/azureBuilders.ts";
import { startTestCollector } from "../../testing/testCollector.ts";
import { untilTrue } from "../../testing/untilTrue.ts";

const post = (url: string, body: string | Buffer, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(url, { method: "POST", headers: { "content-type": "application/json", ...headers }, body: new Uint8Array(Buffer.from(body)) });

test("good items are all accepted, plain and gzipped, at the path of exporters and of the SDKs before them", async () => {
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

test("bad items among good ones are named by their position, and kept as rejected", async () => {
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

test("what cannot be read, is too large, or comes when the store is behind is refused whole", async () => {
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
