import type { InsertOutcome } from "@signalbox/db/clickhouse";
import { expect, test } from "vitest";
import { rowChunk } from "./rowChunks.ts";
import { type Insert, storeChunk } from "./storeChunk.ts";

const noWait = async (): Promise<void> => {};
const rowsUpTo = (count: number): string[] => Array.from({ length: count }, (_, index) => `row ${index}`);
const reception = { project: "a project", source: "otlp_logs_http", receivedAtUs: 0 } as const;
const chunkOf = (firstRow: number, rows: readonly string[]) =>
  rowChunk(
    "logs",
    firstRow,
    rows.map((row) => ({
      table: "logs",
      partition: "",
      json: JSON.stringify(["a project", row]),
      fingerprint: Number(row.slice(4)),
      reception,
    })),
  );

/** A store that answers as given for each insert, and records the rows it took by token. */
function aStore(answer: (rows: readonly string[]) => InsertOutcome) {
  const taken = new Map<string, readonly string[]>();
  const insert: Insert = async ({ body, token }) => {
    const lines = Buffer.concat([...body])
      .toString()
      .trimEnd()
      .split("\n");
    const rows = lines.map((line) => String((JSON.parse(line) as unknown[])[1]));
    const outcome = answer(rows);
    if (outcome.kind === "stored") taken.set(token, rows);
    return outcome;
  };
  return { taken, insert };
}

test("a chunk that the store takes is one insert, its token names its rows", async () => {
  const { taken, insert } = aStore(() => ({ kind: "stored" }));
  expect(await storeChunk(chunkOf(100, rowsUpTo(3)), "journal:7:0-50", insert, noWait)).toEqual([]);
  expect([...taken]).toEqual([["journal:7:0-50:logs:100-102", rowsUpTo(3)]]);
});

test("rows at fault are found and returned, all others are stored once, in the same pieces every time", async () => {
  const bad = new Set(["row 3", "row 4", "row 30"]);
  const store = () =>
    aStore((rows) => (rows.some((row) => bad.has(row)) ? { kind: "refused", reason: "it does not fit" } : { kind: "stored" }));
  const [first, again] = [store(), store()];
  const chunk = chunkOf(0, rowsUpTo(37));
  const refused = await storeChunk(chunk, "r", first.insert, noWait);
  await storeChunk(chunk, "r", again.insert, noWait);
  expect(refused).toEqual(
    [...bad].map((row) => ({
      table: "logs",
      rowNumber: Number(row.slice(4)),
      reception,
      fingerprint: Number(row.slice(4)),
      text: JSON.stringify(["a project", row]),
      reason: "it does not fit",
    })),
  );
  expect([...first.taken.values()].flat()).toEqual(rowsUpTo(37).filter((row) => !bad.has(row)));
  expect([...again.taken.keys()]).toEqual([...first.taken.keys()]);
});

test("too many rows at once are stored in smaller chunks; a single row too large is given up after many attempts", async () => {
  const { taken, insert } = aStore((rows) =>
    rows.length > 4 || rows.includes("row 9") ? { kind: "too_large", reason: "no memory" } : { kind: "stored" },
  );
  const refused = await storeChunk(chunkOf(0, rowsUpTo(10)), "r", insert, noWait);
  expect([...taken.values()].flat()).toEqual(rowsUpTo(9));
  expect(refused).toMatchObject([{ rowNumber: 9, text: '["a project","row 9"]', reason: "no memory" }]);
});

test("a failing store is retried until the caller gives up", async () => {
  const { insert } = aStore(() => ({ kind: "unavailable", reason: "it is down" }));
  const asked: number[] = [];
  const giveUpAtFive = async (failures: number): Promise<void> => {
    asked.push(failures);
    if (failures === 5) throw new Error("given up");
  };
  await expect(storeChunk(chunkOf(0, rowsUpTo(2)), "r", insert, giveUpAtFive)).rejects.toThrow("given up");
  expect(asked).toEqual([1, 2, 3, 4, 5]);
});
