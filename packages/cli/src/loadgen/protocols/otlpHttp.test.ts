import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import protobuf from "protobufjs/minimal.js";
import { expect, test } from "vitest";
import type { LoadConnection } from "./connection.ts";
import { openOtlpHttp } from "./otlpHttp.ts";

/** Runs `work` with a server and a connection to it. */
async function withServer(listener: RequestListener, work: (connection: LoadConnection) => Promise<void>): Promise<void> {
  const server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  const endpoint = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  try {
    using connection = openOtlpHttp(endpoint, { authorization: "Bearer key" });
    await work(connection);
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

const ACKNOWLEDGED = { kind: "acknowledged", rejected: 0 };

test("requests arrive whole, one after another on one connection, with the headers", async () => {
  const taken: { url: string | undefined; key: string | undefined; bytes: number; port: number | undefined }[] = [];
  const listener: RequestListener = async (request, response) => {
    const { length } = await buffer(request);
    taken.push({ url: request.url, key: request.headers.authorization, bytes: length, port: request.socket.remotePort });
    response.writeHead(200).end("");
  };
  await withServer(listener, async (connection) => {
    for (const bytes of [1, 1_000_000, 10]) expect(await connection.send(Buffer.alloc(bytes))).toEqual(ACKNOWLEDGED);
  });
  expect(taken.map(({ bytes }) => bytes)).toEqual([1, 1_000_000, 10]);
  expect(new Set(taken.map(({ port }) => port)).size).toBe(1);
  expect(taken[0]).toMatchObject({ url: "/v1/traces", key: "Bearer key" });
});

test("spans that were rejected are counted", async () => {
  const partialSuccess = protobuf.Writer.create().uint32(8).int64(3).uint32(18).string("no").finish();
  const body = protobuf.Writer.create().uint32(10).bytes(partialSuccess).finish();
  await withServer(
    (request, response) => request.resume().on("end", () => response.end(body)),
    async (connection) => expect(await connection.send(Buffer.alloc(10))).toEqual({ kind: "acknowledged", rejected: 3 }),
  );
});

test("a server that is overloaded is asked again when it says; one that finds the request wrong is not", async () => {
  const answers = [
    { status: 503, headers: { "retry-after": "2" } },
    { status: 400, headers: {} },
  ];
  await withServer(
    (request, response) =>
      request.resume().on("end", () => {
        const { status, headers } = answers.shift() ?? { status: 200, headers: {} };
        response.writeHead(status, headers).end("what is wrong");
      }),
    async (connection) => {
      expect(await connection.send(Buffer.alloc(10))).toEqual({ kind: "refused", code: "503", isRetryable: true, retryAfterMs: 2_000 });
      expect(await connection.send(Buffer.alloc(10))).toEqual({
        kind: "refused",
        code: "400",
        isRetryable: false,
        retryAfterMs: undefined,
      });
      expect(await connection.send(Buffer.alloc(10))).toEqual(ACKNOWLEDGED);
    },
  );
});

test("a connection that is lost under a request is told, and the next request has another", async () => {
  let requests = 0;
  await withServer(
    (request, response) => {
      requests += 1;
      if (requests === 1) request.socket.destroy();
      else request.resume().on("end", () => response.end());
    },
    async (connection) => {
      expect(await connection.send(Buffer.alloc(10))).toMatchObject({ kind: "refused", code: "ECONNRESET", isRetryable: true });
      expect(await connection.send(Buffer.alloc(10))).toEqual(ACKNOWLEDGED);
    },
  );
});

test("a server that closes after each answer is connected to anew", async () => {
  await withServer(
    (request, response) => request.resume().on("end", () => response.writeHead(200, { connection: "close" }).end()),
    async (connection) => {
      for (let times = 0; times < 3; times++) expect(await connection.send(Buffer.alloc(10))).toEqual(ACKNOWLEDGED);
    },
  );
});
