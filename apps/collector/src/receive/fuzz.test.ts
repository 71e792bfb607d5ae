import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { aSpan, attributes, logsRequest, tracesRequest } from "../testing/otlpBuilders.ts";
import { tracesProtobuf } from "../testing/otlpProtobufBuilder.ts";
import { startTestCollector } from "../testing/testCollector.ts";
import { untilWritten } from "../testing/untilTrue.ts";

const ROUNDS = 400;

/** Pseudo-random numbers in [0, 1) that a seed always gives again (the mulberry32 generator). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A body with one to four of its bytes changed, taken out, or repeated. */
function mutate(body: Buffer, random: () => number): Buffer {
  let mutated = Buffer.from(body);
  for (let changes = 1 + Math.floor(random() * 4); changes > 0; changes -= 1) {
    const at = Math.floor(random() * mutated.length);
    const end = at + 1 + Math.floor(random() * 12);
    const kind = random();
    if (kind < 0.5) mutated[at] = Math.floor(random() * 256);
    else if (kind < 0.7) mutated = Buffer.concat([mutated.subarray(0, at), mutated.subarray(end)]);
    else if (kind < 0.9) mutated = Buffer.concat([mutated.subarray(0, end), mutated.subarray(at)]);
    else mutated = mutated.subarray(0, at);
  }
  return mutated;
}

const span = aSpan({
  attributes: [
    ...attributes({
      "gen_ai.operation.name": "chat",
      "gen_ai.usage.input_tokens": 7,
      "gen_ai.input.messages": '[{"role":"user","parts":[{"type":"text","content":"hi"}]}]',
    }),
    { key: "nested", value: { kvlistValue: { values: [{ key: "list", value: { arrayValue: { values: [{ doubleValue: 1.5 }] } } }] } } },
  ],
  events: [
    { name: "gen_ai.evaluation.result", timeUnixNano: "1763900000000000000", attributes: attributes({ "gen_ai.evaluation.name": "n" }) },
  ],
});
const log = { timeUnixNano: "1763900000000000000", eventName: "signalbox.decision", body: { stringValue: "{}" } };

test.each([
  ["protobuf traces", "traces", "application/x-protobuf", "identity", tracesProtobuf([span, aSpan()])],
  ["JSON traces", "traces", "application/json", "identity", Buffer.from(JSON.stringify(tracesRequest([span, aSpan()])))],
  ["JSON logs", "logs", "application/json", "identity", Buffer.from(JSON.stringify(logsRequest([log, log])))],
  ["gzipped protobuf", "traces", "application/x-protobuf", "gzip", gzipSync(tracesProtobuf([span, aSpan()]))],
] as const)(
  "%s: whatever the bytes, each record that was received is a row, and a refused request leaves none",
  async (_name, path, type, compression, body) => {
    const random = randomFrom(20_261_123);
    await using collector = await startTestCollector();
    const headers = { "content-type": type, "content-encoding": compression };
    const statuses = new Map<number, number>();
    for (let round = 0; round < ROUNDS; round += 1) {
      const { status } = await fetch(`${collector.url}/v1/${path}`, {
        method: "POST",
        headers,
        body: new Uint8Array(mutate(body, random)),
      });
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }
    expect([...statuses.keys()].sort()).toEqual([200, 400]);

    expect((await fetch(`${collector.url}/v1/${path}`, { method: "POST", headers, body: new Uint8Array(body) })).status).toBe(200);
    await untilWritten(collector.url);
    const metrics = await (await fetch(`${collector.url}/metrics`)).text();
    const received = Number(/records_received_total\{.*\} (\d+)/.exec(metrics)?.[1]);
    const rows = collector.stored.filter(({ table }) => table !== "scores").flatMap((stored) => stored.rows);
    expect(rows).toHaveLength(received);
    for (const row of rows) expect(row.project).toBe("default");
  },
);
