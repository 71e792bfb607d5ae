import { readFileSync } from "node:fs";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { mulberry32 } from "@signalbox/model";
import { expect, test } from "vitest";
import { mutate } from "../../testing/mutate.ts";
import { startTestCollector } from "../../testing/testCollector.ts";
import { untilWritten } from "../../testing/untilTrue.ts";

const ROUNDS = 300;

const form = readFileSync(new URL("../../decode/langsmith/__fixtures__/js-0.12.0.multipart", import.meta.url));

test.each([
  ["plain", "identity", form],
  ["gzipped", "gzip", gzipSync(form)],
  ["in zstd", "zstd", zstdCompressSync(form)],
] as const)(
  "a form %s: whatever its bytes, it is acknowledged or refused, and the next one is stored",
  async (_name, compression, body) => {
    const random = mulberry32(20_261_128);
    await using collector = await startTestCollector();
    const headers = { "content-type": "multipart/form-data", "content-encoding": compression };
    const send = (bytes: Buffer) => fetch(`${collector.url}/runs/multipart`, { method: "POST", headers, body: new Uint8Array(bytes) });
    const statuses = new Set<number>();
    for (let round = 0; round < ROUNDS; round += 1) statuses.add((await send(mutate(body, random))).status);
    expect([...statuses].filter((status) => status !== 202 && status !== 400)).toEqual([]);

    expect((await send(body)).status).toBe(202);
    await untilWritten(collector.url);
    const rows = collector.stored.flatMap(({ table, rows }) => (table === "spans" ? rows : []));
    const names = new Map(rows.map((row) => [row.span_id, row.name]));
    for (const name of ["clerk", "agent", "search", "ChatModel", "weather"]) expect([...names.values()]).toContain(name);
  },
);
