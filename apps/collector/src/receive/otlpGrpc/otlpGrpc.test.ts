import { once } from "node:events";
import { type ClientHttp2Session, type ClientHttp2Stream, connect, constants } from "node:http2";
import { connect as connectSocket } from "node:net";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { type CallOptions, Client, compressionAlgorithms, credentials, Metadata, type ServiceError, status } from "@grpc/grpc-js";
import { rowsOfInsert } from "@signalbox/db/testing";
import { mulberry32 } from "@signalbox/model";
import protobuf from "protobufjs/minimal.js";
import { expect, test } from "vitest";
import { aSpan } from "../../testing/builders/otlpBuilders.ts";
import { tracesProtobuf } from "../../testing/builders/otlpProtobufBuilder.ts";
import { mutate } from "../../testing/mutate.ts";
import { startTestCollector } from "../../testing/testCollector.ts";
import { untilTrue, untilWritten } from "../../testing/untilTrue.ts";
import { framed } from "./grpcMessage.ts";

const TRACES = "/opentelemetry.proto.collector.trace.v1.TraceService/Export";

/** A client of the gRPC library; disposing it closes it. */
function aClient(grpcUrl: string, options = {}) {
  const client = new Client(new URL(grpcUrl).host, credentials.createInsecure(), options);
  const bytes = (value: Buffer): Buffer => value;
  return {
    /** Resolves to the answer's bytes, or the error with which the call ended. */
    call(message: Uint8Array, path = TRACES, callOptions: CallOptions = {}): Promise<Buffer | ServiceError> {
      return new Promise((resolve) => {
        client.makeUnaryRequest(path, bytes, bytes, Buffer.from(message), new Metadata(), callOptions, (error, answer) =>
          resolve(error ?? answer ?? Buffer.alloc(0)),
        );
      });
    },
    [Symbol.dispose]: () => client.close(),
  };
}

/** A bare HTTP/2 call: its response headers and trailers together. */
async function bareCall(session: ClientHttp2Session, headers: Record<string, string>, body: Uint8Array): Promise<Record<string, unknown>> {
  const stream = session.request({ ":method": "POST", ":path": TRACES, "content-type": "application/grpc", te: "trailers", ...headers });
  return endOf(stream, body);
}

async function endOf(stream: ClientHttp2Stream, body: Uint8Array): Promise<Record<string, unknown>> {
  const heard: Record<string, unknown> = {};
  stream.on("response", (response) => Object.assign(heard, response));
  stream.on("trailers", (trailers) => Object.assign(heard, trailers));
  stream.on("error", () => {});
  stream.resume();
  stream.end(body);
  await once(stream, "close");
  return heard;
}

/** A bare HTTP/2 connection; disposing it ends it. */
function aConnection(grpcUrl: string) {
  const session = connect(grpcUrl);
  session.on("error", () => {});
  return { session, [Symbol.dispose]: () => session.destroy() };
}

function compressedFrame(message: Uint8Array): Buffer {
  const frame = framed(message);
  frame[0] = 1;
  return frame;
}

const rowsOf = (collector: { stored: { table: string; rows: readonly unknown[] }[] }, table: string): number =>
  collector.stored.filter((stored) => stored.table === table).flatMap(({ rows }) => rows).length;

test("good spans are acknowledged with an empty answer, plain and compressed", async () => {
  await using collector = await startTestCollector();
  const message = tracesProtobuf([aSpan()]);
  using plain = aClient(collector.grpcUrl);
  expect(await plain.call(message)).toEqual(Buffer.alloc(0));
  using gzipped = aClient(collector.grpcUrl, { "grpc.default_compression_algorithm": compressionAlgorithms.gzip });
  expect(await gzipped.call(message)).toEqual(Buffer.alloc(0));

  using connection = aConnection(collector.grpcUrl);
  const compressed = compressedFrame(zstdCompressSync(message));
  expect(await bareCall(connection.session, { "grpc-encoding": "zstd" }, compressed)).toMatchObject({ "grpc-status": "0" });
  await untilTrue(() => rowsOf(collector, "spans") === 3);
});

test("bad spans among good ones are counted with the reason", async () => {
  await using collector = await startTestCollector();
  using client = aClient(collector.grpcUrl);
  const answer = (await client.call(tracesProtobuf([aSpan(), aSpan({ traceId: "0".repeat(32) })]))) as Buffer;
  const reader = protobuf.Reader.create(answer);
  expect(reader.uint32()).toBe(10);
  const partial = protobuf.Reader.create(reader.bytes());
  expect([partial.uint32(), Number(partial.int64()), partial.uint32(), partial.string()]).toEqual([
    8,
    1,
    18,
    expect.stringContaining("1 rejected: the trace id"),
  ]);
  await untilTrue(() => rowsOf(collector, "spans") === 1 && rowsOf(collector, "rejected") === 1);
});

test("an unreadable message is INVALID_ARGUMENT, and nothing is kept", async () => {
  await using collector = await startTestCollector();
  using client = aClient(collector.grpcUrl);
  expect(await client.call(tracesProtobuf([aSpan()]).subarray(1))).toMatchObject({
    code: status.INVALID_ARGUMENT,
    details: expect.stringContaining("no protobuf"),
  });
  using connection = aConnection(collector.grpcUrl);
  const message = tracesProtobuf([aSpan()]);
  const marked = (first: number): Buffer => Buffer.concat([Buffer.from([first]), framed(message).subarray(1)]);
  const calls: [string, Uint8Array][] = [
    ["no message", Buffer.alloc(0)],
    ["half a message", framed(message).subarray(0, 20)],
    ["two messages", Buffer.concat([framed(message), framed(message)])],
    ["a compressed message that does not say how", marked(1)],
    ["an unknown first byte", marked(2)],
  ];
  for (const [name, body] of calls)
    expect([name, await bareCall(connection.session, {}, body)]).toEqual([name, expect.objectContaining({ "grpc-status": "3" })]);
  const noGzip = await bareCall(connection.session, { "grpc-encoding": "gzip" }, marked(1));
  expect(noGzip).toMatchObject({ "grpc-status": "3", "grpc-message": expect.stringContaining("no gzip") });
  expect(await (await fetch(`${collector.url}/metrics`)).text()).toContain("signalbox_collector_journaled_bytes_total 0");
});

test("an unknown method, an unknown compression and plain HTTP each get their own error", async () => {
  await using collector = await startTestCollector();
  using client = aClient(collector.grpcUrl);
  expect(await client.call(Buffer.alloc(0), "/opentelemetry.proto.collector.trace.v1.TraceService/Import")).toMatchObject({
    code: status.UNIMPLEMENTED,
  });
  using connection = aConnection(collector.grpcUrl);
  expect(await bareCall(connection.session, { "grpc-encoding": "snappy" }, framed(Buffer.alloc(0)))).toMatchObject({
    "grpc-status": "12",
    "grpc-accept-encoding": "identity,gzip,zstd",
  });
  expect(await bareCall(connection.session, { "content-type": "application/json" }, Buffer.from("{}"))).toMatchObject({ ":status": 415 });
});

test("a message over 64 MiB is RESOURCE_EXHAUSTED for good, before and after decompression, and the connection goes on", async () => {
  await using collector = await startTestCollector();
  using client = aClient(collector.grpcUrl);
  const tooLarge = Buffer.alloc(64 * 1024 * 1024 + 1);
  const refused = (await client.call(tooLarge)) as ServiceError;
  expect([refused.code, refused.metadata.get("grpc-status-details-bin")]).toEqual([status.RESOURCE_EXHAUSTED, []]);
  expect(await client.call(tracesProtobuf([aSpan()]))).toEqual(Buffer.alloc(0));

  using connection = aConnection(collector.grpcUrl);
  for (const [encoding, compress] of [
    ["gzip", gzipSync],
    ["zstd", zstdCompressSync],
  ] as const) {
    expect(await bareCall(connection.session, { "grpc-encoding": encoding }, compressedFrame(compress(tooLarge)))).toMatchObject({
      "grpc-status": "8",
    });
  }
});

test("a refused sender is told when to retry, and no acknowledged record is dropped", async () => {
  let isStoreUp = false;
  const rows: unknown[] = [];
  await using collector = await startTestCollector({ bytesMax: 20_000 }, async (insert) => {
    if (!isStoreUp) return { kind: "unavailable", reason: "it is down" };
    if (insert.table === "spans") rows.push(...rowsOfInsert(insert));
    return { kind: "stored" };
  });
  using client = aClient(collector.grpcUrl);
  const send = () => client.call(tracesProtobuf([aSpan()]));
  let acknowledged = 0;
  let outcome = await send();
  for (; outcome instanceof Buffer; outcome = await send()) acknowledged += 1;
  const refused = outcome as ServiceError;
  expect(refused.code).toBe(status.UNAVAILABLE);
  const [details] = refused.metadata.get("grpc-status-details-bin");
  const retryInfo = Buffer.concat([Buffer.from("type.googleapis.com/google.rpc.RetryInfo"), Buffer.from([18, 4, 10, 2, 8, 1])]);
  expect((details as Buffer).includes(retryInfo)).toBe(true);

  isStoreUp = true;
  await untilTrue(() => rows.length === acknowledged);
  expect(await send()).toEqual(Buffer.alloc(0));
});

test("calls and requests share one budget of bodies", async () => {
  await using collector = await startTestCollector({ bodiesBytesMax: 2_000 });
  using client = aClient(collector.grpcUrl);
  expect(await client.call(Buffer.alloc(3_000))).toMatchObject({ code: status.UNAVAILABLE });

  using connection = aConnection(collector.grpcUrl);
  const holding = connection.session.request({ ":method": "POST", ":path": TRACES, "content-type": "application/grpc", te: "trailers" });
  holding.on("error", () => {});
  holding.write(Buffer.alloc(1_500));
  const overHttp = (): Promise<Response> =>
    fetch(`${collector.url}/v1/traces`, { method: "POST", headers: { "content-type": "application/json" }, body: `{}${" ".repeat(900)}` });
  await untilTrue(async () => (await overHttp()).status === 503);
  holding.close(constants.NGHTTP2_CANCEL);
  await untilTrue(async () => (await overHttp()).status === 200);
});

test("a connection whose calls are cut off halfway goes on answering", async () => {
  await using collector = await startTestCollector({ bodiesBytesMax: 100_000 });
  using connection = aConnection(collector.grpcUrl);
  const whole = framed(tracesProtobuf([aSpan({ name: "x".repeat(50_000) })]));
  for (let round = 0; round < 20; round += 1) {
    const stream = connection.session.request({ ":method": "POST", ":path": TRACES, "content-type": "application/grpc", te: "trailers" });
    stream.on("error", () => {});
    await new Promise((resolve) => stream.write(whole.subarray(0, 40_000), resolve));
    stream.close(constants.NGHTTP2_CANCEL);
  }
  await untilTrue(async () => (await bareCall(connection.session, {}, whole))["grpc-status"] === "0");
});

test.each<[string, (stream: ClientHttp2Stream) => void]>([
  ["resets the call", (stream) => stream.close(constants.NGHTTP2_CANCEL)],
  ["breaks the connection", (stream) => stream.session?.destroy()],
])("a sender that %s half way has gone away, and sent nothing that cannot be read", async (_how, goAway) => {
  await using collector = await startTestCollector();
  using connection = aConnection(collector.grpcUrl);
  const message = framed(tracesProtobuf([aSpan()]));
  const stream = connection.session.request({ ":method": "POST", ":path": TRACES, "content-type": "application/grpc", te: "trailers" });
  stream.on("error", () => {});
  await new Promise((resolve) => stream.write(message.subarray(0, 10), resolve));
  goAway(stream);
  const counted = (code: number) => `signalbox_collector_requests_total{source="otlp_traces_grpc",status="grpc ${code}"}`;
  const metrics = async () => (await fetch(`${collector.url}/metrics`)).text();
  await untilTrue(async () => (await metrics()).includes("requests_total{"));
  expect(await metrics()).toContain(`${counted(status.CANCELLED)} 1`);
  expect(await metrics()).not.toContain(counted(status.INVALID_ARGUMENT));
});

test("bytes that are not HTTP/2, and a connection that breaks within a call, leave the collector answering", async () => {
  await using collector = await startTestCollector();
  const port = Number(new URL(collector.grpcUrl).port);
  const preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
  const random = mulberry32(7);
  const noise = Array.from({ length: 20 }, () => Buffer.from(Array.from({ length: 60 }, () => random() * 256)));
  for (const bytes of [
    Buffer.from("GET / HTTP/1.1\r\nHost: x\r\n\r\n"),
    ...noise,
    ...noise.map((some) => Buffer.concat([Buffer.from(preface), some])),
  ]) {
    const socket = connectSocket(port, "127.0.0.1");
    socket.on("error", () => {});
    socket.end(bytes);
    socket.resume();
    await once(socket, "close");
  }
  for (let round = 0; round < 5; round += 1) {
    const session = connect(collector.grpcUrl);
    session.on("error", () => {});
    const stream = session.request({ ":method": "POST", ":path": TRACES, "content-type": "application/grpc", te: "trailers" });
    stream.on("error", () => {});
    await new Promise((resolve) => stream.write(Buffer.alloc(10_000), resolve));
    session.destroy();
  }
  using client = aClient(collector.grpcUrl);
  expect(await client.call(tracesProtobuf([aSpan()]))).toEqual(Buffer.alloc(0));
});

test("a web page that uses DNS rebinding is refused", async () => {
  await using collector = await startTestCollector();
  using connection = aConnection(collector.grpcUrl);
  const port = new URL(collector.grpcUrl).port;
  const message = framed(tracesProtobuf([aSpan()]));
  expect(await bareCall(connection.session, { ":authority": `attacker.example:${port}` }, message)).toMatchObject({ "grpc-status": "7" });
  expect(await bareCall(connection.session, { origin: "https://attacker.example" }, message)).toMatchObject({ "grpc-status": "7" });
  expect(await bareCall(connection.session, { ":authority": `localhost:${port}` }, message)).toMatchObject({ "grpc-status": "0" });
});

test("a collector that ends lets a running call finish and closes idle connections", async () => {
  const collector = await startTestCollector();
  using client = aClient(collector.grpcUrl);
  expect(await client.call(tracesProtobuf([aSpan()]))).toEqual(Buffer.alloc(0));
  using idle = aConnection(collector.grpcUrl);
  await once(idle.session, "connect");
  await collector[Symbol.asyncDispose]();
  expect(rowsOf(collector, "spans")).toBe(1);
});

test.each([
  ["plain", "identity", framed(tracesProtobuf([aSpan(), aSpan()]))],
  ["gzip", "gzip", compressedFrame(gzipSync(tracesProtobuf([aSpan(), aSpan()])))],
])(
  "whatever the bytes of a %s call, each record that was received is a row, and a refused call leaves none",
  async (_name, encoding, call) => {
    const random = mulberry32(20_261_126);
    await using collector = await startTestCollector();
    using connection = aConnection(collector.grpcUrl);
    const statuses = new Set<unknown>();
    for (let round = 0; round < 300; round += 1) {
      const answer = await bareCall(connection.session, { "grpc-encoding": encoding }, mutate(call, random));
      statuses.add(answer["grpc-status"]);
    }
    expect([...statuses].sort()).toEqual(["0", "3"]);
    expect(await bareCall(connection.session, { "grpc-encoding": encoding }, call)).toMatchObject({ "grpc-status": "0" });
    await untilWritten(collector.url);
    const metrics = await (await fetch(`${collector.url}/metrics`)).text();
    const received = Number(/records_received_total\{.*\} (\d+)/.exec(metrics)?.[1]);
    expect(rowsOf(collector, "spans") + rowsOf(collector, "rejected")).toBe(received);
  },
);
