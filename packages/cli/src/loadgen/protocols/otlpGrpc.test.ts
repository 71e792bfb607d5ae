import { Metadata, Server, ServerCredentials, status } from "@grpc/grpc-js";
import protobuf from "protobufjs/minimal.js";
import { afterEach, expect, test } from "vitest";
import type { SendOutcome } from "./connection.ts";
import { openOtlpGrpc } from "./otlpGrpc.ts";

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.forceShutdown();
});

interface Taken {
  body: Buffer;
  key: string | undefined;
}

type Answer = { body: Uint8Array } | { code: status; details?: Buffer };

/** Exports once to a server with the given answer; returns what it received, and the outcome. */
async function exportTo(answer: Answer): Promise<{ taken: Taken[]; outcome: SendOutcome }> {
  const taken: Taken[] = [];
  const asItIs = (bytes: Buffer) => bytes;
  const server = new Server();
  servers.push(server);
  const method = {
    path: "/opentelemetry.proto.collector.trace.v1.TraceService/Export",
    requestStream: false,
    responseStream: false,
    requestSerialize: asItIs,
    requestDeserialize: asItIs,
    responseSerialize: asItIs,
    responseDeserialize: asItIs,
  } as const;
  server.addService(
    { export: method },
    {
      export: (call: { request: Buffer; metadata: Metadata }, done: (error: object | null, answer?: Buffer) => void) => {
        taken.push({ body: call.request, key: call.metadata.get("authorization")[0]?.toString() });
        if ("body" in answer) return done(null, Buffer.from(answer.body));
        const metadata = new Metadata();
        if (answer.details !== undefined) metadata.set("grpc-status-details-bin", answer.details);
        done({ code: answer.code, metadata });
      },
    },
  );
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) => (error ? reject(error) : resolve(bound))),
  );
  using connection = openOtlpGrpc(new URL(`http://127.0.0.1:${port}`), { authorization: "Bearer key" });
  const outcome = await connection.send(Buffer.from("request"));
  return { taken, outcome };
}

/** A google.rpc.Status with a google.rpc.RetryInfo of 1.5 s. */
function retryInfo(): Buffer {
  const duration = protobuf.Writer.create().uint32(8).int64(1).uint32(16).int32(500_000_000).finish();
  const info = protobuf.Writer.create().uint32(10).bytes(duration).finish();
  const any = protobuf.Writer.create().uint32(10).string("type.googleapis.com/google.rpc.RetryInfo").uint32(18).bytes(info).finish();
  return Buffer.from(protobuf.Writer.create().uint32(8).int32(8).uint32(26).bytes(any).finish());
}

test("the bytes arrive as they are, with the headers, and are acknowledged", async () => {
  const { taken, outcome } = await exportTo({ body: new Uint8Array() });
  expect(taken).toEqual([{ body: Buffer.from("request"), key: "Bearer key" }]);
  expect(outcome).toEqual({ kind: "acknowledged", rejected: 0 });
});

test("spans that were rejected are counted", async () => {
  const partialSuccess = protobuf.Writer.create().uint32(8).int64(3).finish();
  const { outcome } = await exportTo({ body: protobuf.Writer.create().uint32(10).bytes(partialSuccess).finish() });
  expect(outcome).toEqual({ kind: "acknowledged", rejected: 3 });
});

test("an unavailable server is asked again, when it says so", async () => {
  const { outcome } = await exportTo({ code: status.UNAVAILABLE, details: retryInfo() });
  expect(outcome).toEqual({ kind: "refused", code: "UNAVAILABLE", isRetryable: true, retryAfterMs: 1_500 });
});

test("one whose resources are exhausted only if it says when; one that finds the request wrong never", async () => {
  expect((await exportTo({ code: status.RESOURCE_EXHAUSTED })).outcome).toMatchObject({ code: "RESOURCE_EXHAUSTED", isRetryable: false });
  expect((await exportTo({ code: status.RESOURCE_EXHAUSTED, details: retryInfo() })).outcome).toMatchObject({ isRetryable: true });
  expect((await exportTo({ code: status.INVALID_ARGUMENT })).outcome).toMatchObject({ code: "INVALID_ARGUMENT", isRetryable: false });
});
