import { request } from "node:http";
import { connect } from "node:net";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { rowsOfInsert } from "@signalbox/db/testing";
import protobuf from "protobufjs/minimal.js";
import { expect, test } from "vitest";
import { aSpan, logsRequest, tracesRequest } from "../testing/builders/otlpBuilders.ts";
import { tracesProtobuf } from "../testing/builders/otlpProtobufBuilder.ts";
import { startTestCollector } from "../testing/testCollector.ts";
import { untilTrue } from "../testing/untilTrue.ts";

const JSON_TYPE = "application/json";
const PROTOBUF_TYPE = "application/x-protobuf";

function post(url: string, body: string | Uint8Array, headers: Record<string, string>): Promise<Response> {
  return fetch(url, { method: "POST", body: typeof body === "string" ? body : new Uint8Array(body), headers });
}

/** Reads a protobuf message of numbers and text by field number; nested messages stay bytes. */
function fieldsOf(message: Uint8Array): Map<number, number | Uint8Array> {
  const reader = protobuf.Reader.create(message);
  const fields = new Map<number, number | Uint8Array>();
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    fields.set(tag >>> 3, (tag & 7) === 0 ? Number(reader.int64()) : reader.bytes());
  }
  return fields;
}

const textOf = (value: number | Uint8Array | undefined): string => Buffer.from(value as Uint8Array).toString();

test.each([
  ["JSON", JSON_TYPE, Buffer.from(JSON.stringify(tracesRequest([aSpan()]))), "{}"],
  ["protobuf", PROTOBUF_TYPE, tracesProtobuf([aSpan()]), ""],
])("good spans in %s are acknowledged in %s: plain, gzip and zstd", async (_name, type, body, answer) => {
  await using collector = await startTestCollector();
  for (const [sent, headers] of [
    [body, {}],
    [gzipSync(body), { "content-encoding": "gzip" }],
    [zstdCompressSync(body), { "content-encoding": "zstd" }],
  ] as const) {
    const response = await post(`${collector.url}/v1/traces`, sent, { "content-type": `${type}; charset=utf-8`, ...headers });
    expect([response.status, response.headers.get("content-type"), await response.text()]).toEqual([200, type, answer]);
  }
  await untilTrue(() => collector.stored.flatMap(({ rows }) => rows).length === 3);
});

test("bad spans among good ones are counted with the reason, in either encoding; the good ones are stored, the bad ones kept as rejected", async () => {
  await using collector = await startTestCollector();
  const spans = [aSpan(), aSpan({ traceId: "0".repeat(32) }), aSpan(), aSpan({ endTimeUnixNano: "0" })];
  const inJson = await post(`${collector.url}/v1/traces`, JSON.stringify(tracesRequest(spans)), { "content-type": JSON_TYPE });
  expect(await inJson.json()).toEqual({
    partialSuccess: { rejectedSpans: "2", errorMessage: expect.stringMatching(/1 rejected: the trace id .*1 rejected: the span ends/) },
  });

  const inProtobuf = await post(`${collector.url}/v1/traces`, tracesProtobuf(spans), { "content-type": PROTOBUF_TYPE });
  expect(inProtobuf.status).toBe(200);
  const partial = fieldsOf(fieldsOf(await inProtobuf.bytes()).get(1) as Uint8Array);
  expect(partial.get(1)).toBe(2);
  expect(textOf(partial.get(2))).toContain("the trace id");

  const rowsOf = (table: string): number => collector.stored.filter((stored) => stored.table === table).flatMap(({ rows }) => rows).length;
  await untilTrue(() => rowsOf("spans") === 4 && rowsOf("rejected") === 4);
});

test("a span in JSON with a field of a wrong type is rejected alone, and kept unchanged", async () => {
  await using collector = await startTestCollector();
  const good = aSpan({ name: "good" });
  const unreadable = [{ ...aSpan(), name: 5 }, { ...aSpan(), startTimeUnixNano: 1.5 }, null, "no object"];
  const body = JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [unreadable[0], good, ...unreadable.slice(1)] }] }] });
  const answer = await post(`${collector.url}/v1/traces`, body, { "content-type": JSON_TYPE });
  expect([answer.status, await answer.json()]).toEqual([
    200,
    { partialSuccess: { rejectedSpans: "4", errorMessage: expect.stringContaining("wrong type") } },
  ]);
  await untilTrue(() => collector.stored.flatMap(({ rows }) => rows).length === 5);
  const rowsOf = (table: string) => collector.stored.filter((stored) => stored.table === table).flatMap(({ rows }) => rows);
  expect(rowsOf("spans").map(({ name }) => name)).toEqual(["good"]);
  const originals = rowsOf("rejected").map(
    ({ record }) => (JSON.parse(String(record)) as { attributes: { original: string } }).attributes.original,
  );
  expect(originals).toEqual(unreadable.map((span) => JSON.stringify(span)));
});

test("log records are counted in their own field", async () => {
  await using collector = await startTestCollector();
  const body = JSON.stringify(logsRequest([{ timeUnixNano: "0" }, { timeUnixNano: "0", traceId: "ab" }]));
  const response = await post(`${collector.url}/v1/logs`, body, { "content-type": JSON_TYPE });
  expect(await response.json()).toMatchObject({ partialSuccess: { rejectedLogRecords: "1" } });
});

test("a request without records is a success, and nothing is kept", async () => {
  await using collector = await startTestCollector();
  expect((await post(`${collector.url}/v1/traces`, "", { "content-type": PROTOBUF_TYPE })).status).toBe(200);
  expect((await post(`${collector.url}/v1/logs`, "{}", { "content-type": JSON_TYPE })).status).toBe(200);
  expect(await (await fetch(`${collector.url}/metrics`)).text()).toContain("signalbox_collector_journaled_bytes_total 0");
});

test("a malformed request is 400 with a Status in its own encoding, and nothing is kept", async () => {
  await using collector = await startTestCollector();
  const inJson = await post(`${collector.url}/v1/traces`, "{", { "content-type": JSON_TYPE });
  expect([inJson.status, await inJson.json()]).toEqual([400, { code: 3, message: expect.stringContaining("no JSON") }]);

  const inProtobuf = await post(`${collector.url}/v1/traces`, tracesProtobuf([aSpan()]).subarray(1), { "content-type": PROTOBUF_TYPE });
  expect([inProtobuf.status, inProtobuf.headers.get("content-type")]).toEqual([400, PROTOBUF_TYPE]);
  const status = fieldsOf(await inProtobuf.bytes());
  expect(status.get(1)).toBe(3);
  expect(textOf(status.get(2))).toContain("no protobuf");

  const noGzip = await post(`${collector.url}/v1/traces`, "{}", { "content-type": JSON_TYPE, "content-encoding": "gzip" });
  expect(noGzip.status).toBe(400);
  const noiseBehind = Buffer.concat([zstdCompressSync("{}"), Buffer.from("{}")]);
  for (const noZstd of [Buffer.from("{}"), zstdCompressSync("{}").subarray(0, 8), noiseBehind]) {
    const answer = await post(`${collector.url}/v1/traces`, noZstd, { "content-type": JSON_TYPE, "content-encoding": "zstd" });
    expect([answer.status, await answer.json()]).toEqual([400, { code: 3, message: expect.stringContaining("no zstd") }]);
  }
  expect(await (await fetch(`${collector.url}/metrics`)).text()).toContain("signalbox_collector_journaled_bytes_total 0");
});

test("a zstd body of several frames is read to its end", async () => {
  await using collector = await startTestCollector();
  const body = Buffer.from(JSON.stringify(tracesRequest([aSpan({ name: "in two frames" })])));
  const frames = Buffer.concat([zstdCompressSync(body.subarray(0, 50)), zstdCompressSync(body.subarray(50))]);
  const answer = await post(`${collector.url}/v1/traces`, frames, { "content-type": JSON_TYPE, "content-encoding": "zstd" });
  expect(answer.status).toBe(200);
  await untilTrue(() => collector.stored.some(({ rows }) => rows[0]?.name === "in two frames"));
});

test.each([
  ["another content type", "POST", "/v1/traces", { "content-type": "text/plain" }, 415],
  ["another content encoding", "POST", "/v1/traces", { "content-type": JSON_TYPE, "content-encoding": "br" }, 415],
  ["another method", "PUT", "/v1/traces", { "content-type": JSON_TYPE }, 405],
  ["another path", "POST", "/v1/profiles", { "content-type": JSON_TYPE }, 404],
])("%s is refused with a Status", async (_name, method, path, headers, status) => {
  await using collector = await startTestCollector();
  const response = await fetch(`${collector.url}${path}`, { method, headers, body: "{}" });
  expect([response.status, await response.json()]).toEqual([status, { code: expect.any(Number), message: expect.any(String) }]);
});

test("a body over 64 MiB is 413, before and after decompression, whether its length is announced or not", async () => {
  await using collector = await startTestCollector();
  const tooLarge = Buffer.alloc(64 * 1024 * 1024 + 1, " ");
  const headers = { "content-type": JSON_TYPE };
  expect((await post(`${collector.url}/v1/traces`, tooLarge, headers)).status).toBe(413);
  expect((await post(`${collector.url}/v1/traces`, gzipSync(tooLarge), { ...headers, "content-encoding": "gzip" })).status).toBe(413);
  expect((await post(`${collector.url}/v1/traces`, zstdCompressSync(tooLarge), { ...headers, "content-encoding": "zstd" })).status).toBe(
    413,
  );
  expect(await postInChunks(collector.port, tooLarge)).toBe(413);
});

/** Sends a body without announcing its length. */
function postInChunks(port: number, body: Buffer): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const sending = request(
      { host: "127.0.0.1", port, path: "/v1/traces", method: "POST", headers: { "content-type": JSON_TYPE } },
      (response) => {
        response.resume();
        resolve(response.statusCode);
      },
    );
    sending.on("error", reject);
    for (let at = 0; at < body.length; at += 1_000_000) sending.write(body.subarray(at, at + 1_000_000));
    sending.end();
  });
}

test.each([
  ["gzip", gzipSync],
  ["zstd", zstdCompressSync],
])("twenty %s bombs at once need the memory of a few", async (encoding, compress) => {
  await using collector = await startTestCollector();
  const bomb = compress(Buffer.alloc(200_000_000));
  const before = process.memoryUsage().rss;
  let peak = before;
  const watching = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage().rss);
  }, 5);
  const headers = { "content-type": JSON_TYPE, "content-encoding": encoding };
  const answers = await Promise.all(Array.from({ length: 20 }, () => post(`${collector.url}/v1/traces`, bomb, headers)));
  clearInterval(watching);
  expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(413));
  expect(peak - before).toBeLessThan(500_000_000);
});

test("when too many bodies are being read at once, the sender is told to retry", async () => {
  await using collector = await startTestCollector({ bodiesBytesMax: 1_000 });
  const response = await post(`${collector.url}/v1/traces`, Buffer.alloc(2_000, " "), { "content-type": JSON_TYPE });
  expect([response.status, response.headers.get("retry-after")]).toEqual([503, "1"]);
  expect((await post(`${collector.url}/v1/traces`, "{}", { "content-type": JSON_TYPE })).status).toBe(200);
});

test("a sender that hangs up halfway leaves nothing behind", async () => {
  await using collector = await startTestCollector({ bodiesBytesMax: 1_000 });
  for (let round = 0; round < 5; round += 1) {
    const socket = connect(collector.port, "127.0.0.1");
    const head = `POST /v1/traces HTTP/1.1\r\nHost: 127.0.0.1:${collector.port}\r\nContent-Type: ${JSON_TYPE}\r\nContent-Length: 900\r\n\r\n`;
    await new Promise((resolve) => socket.write(head + " ".repeat(500), resolve));
    socket.destroy();
  }
  await untilTrue(
    async () => (await post(`${collector.url}/v1/traces`, `{}${" ".repeat(900)}`, { "content-type": JSON_TYPE })).status === 200,
  );
});

test("when the store falls behind, the sender is told to retry and no acknowledged record is dropped", async () => {
  let isStoreUp = false;
  const rows: unknown[] = [];
  await using collector = await startTestCollector({ bytesMax: 20_000 }, async (insert) => {
    if (!isStoreUp) return { kind: "unavailable", reason: "it is down" };
    if (insert.table === "spans") rows.push(...rowsOfInsert(insert));
    return { kind: "stored" };
  });
  const send = async (): Promise<Response> =>
    post(`${collector.url}/v1/traces`, JSON.stringify(tracesRequest([aSpan()])), { "content-type": JSON_TYPE });
  let acknowledged = 0;
  let refused = await send();
  for (; refused.status === 200; refused = await send()) acknowledged += 1;
  expect([refused.status, refused.headers.get("retry-after"), await refused.json()]).toEqual([
    503,
    "1",
    { code: 14, message: expect.stringContaining("limit") },
  ]);
  expect((await fetch(`${collector.url}/readyz`)).status).toBe(503);
  expect((await fetch(`${collector.url}/healthz`)).status).toBe(200);

  isStoreUp = true;
  await untilTrue(() => rows.length === acknowledged);
  // Stored records leave the journal a moment later, and then there is room.
  await untilTrue(async () => (await fetch(`${collector.url}/readyz`)).status === 200);
  expect((await send()).status).toBe(200);
});

/** The status of a request with the Host and Origin that a browser would set; `fetch` may not set Host. */
function statusFor(
  port: number,
  headers: Record<string, string>,
  path = "/v1/traces",
): Promise<{ status: number | undefined; body: string }> {
  return new Promise((resolve, reject) => {
    const sending = request(
      { host: "127.0.0.1", port, path, method: "POST", headers: { "content-type": JSON_TYPE, ...headers } },
      async (response) => {
        let body = "";
        for await (const chunk of response) body += chunk;
        resolve({ status: response.statusCode, body });
      },
    );
    sending.on("error", reject).end("{}");
  });
}

test("a web page that uses DNS rebinding is refused on every path", async () => {
  await using collector = await startTestCollector();
  for (const path of ["/v1/traces", "/v1/logs", "/metrics", "/nowhere"]) {
    const { status, body } = await statusFor(collector.port, { host: `attacker.example:${collector.port}` }, path);
    expect([status, JSON.parse(body)]).toEqual([403, { code: 7, message: expect.any(String) }]);
  }
});

test.each([
  ["a page of another site", { origin: "https://attacker.example" }],
  ["a page of another site that hides its origin", { origin: "null" }],
  ["a request that a browser calls cross-site", { "sec-fetch-site": "cross-site" }],
])("%s is refused", async (_name, headers) => {
  await using collector = await startTestCollector();
  expect((await statusFor(collector.port, headers as Record<string, string>)).status).toBe(403);
  expect((await statusFor(collector.port, {})).status).toBe(200);
});
