import type { RowTable } from "@signalbox/db/clickhouse";
import { expect, test } from "vitest";
import { type ReceivedRow, RowChunks } from "./rowChunks.ts";

const row = (json: string, partition = "2026-01-01", table: RowTable = "logs"): ReceivedRow => ({
  ...{ table, partition, json, fingerprint: 0 },
  reception: { project: "default", source: "otlp_logs_http", receivedAtUs: 0 },
});

const linesOf = (body: readonly Buffer[]): string[] =>
  Buffer.concat([...body])
    .toString()
    .trimEnd()
    .split("\n");

/** The rows of each chunk that `rows` are divided into. */
function cut(rows: ReceivedRow[], limits: Partial<ConstructorParameters<typeof RowChunks>[0]> = {}) {
  const chunks = new RowChunks({ rowsMax: 1_000, bytesMax: 1_000, partitionsMax: 1_000, ...limits });
  const full = rows.flatMap((some) => chunks.add(some) ?? []);
  return [...full, ...chunks.rest()].map(({ table, firstRow, body }) => ({ table, firstRow, of: linesOf(body) }));
}

test("a chunk holds a limited number of rows, and the next one counts on from there", () => {
  expect(
    cut(
      ["a", "b", "c", "d", "e"].map((json) => row(json)),
      { rowsMax: 2 },
    ),
  ).toEqual([
    { table: "logs", firstRow: 0, of: ["a", "b"] },
    { table: "logs", firstRow: 2, of: ["c", "d"] },
    { table: "logs", firstRow: 4, of: ["e"] },
  ]);
});

test("a chunk holds a limited amount of text; a longer row goes alone", () => {
  expect(cut([row("aaa"), row("b".repeat(50)), row("c"), row("d")], { bytesMax: 4 }).map(({ of }) => of.length)).toEqual([1, 1, 2]);
});

test("a chunk touches a limited number of partitions", () => {
  const days = ["1", "2", "1", "3", "1", "4"].map((day) => row(day, day));
  expect(cut(days, { partitionsMax: 2 }).map(({ of }) => of)).toEqual([["1", "2", "1"], ["3", "1"], ["4"]]);
});

test("tables have chunks of their own", () => {
  expect(cut([row("a"), row("b", "", "scores"), row("c")])).toEqual([
    { table: "logs", firstRow: 0, of: ["a", "c"] },
    { table: "scores", firstRow: 0, of: ["b"] },
  ]);
});
