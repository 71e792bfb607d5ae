import { expect, test } from "vitest";
import type { Answer } from "./otlpExport.ts";
import { type OutboxItem, packRequests, sendItems } from "./outboxBatches.ts";

const items = (sizes: readonly number[]): OutboxItem<number>[] =>
  sizes.map((bytes, item) => ({ id: BigInt(item), position: item, item, bytes }));

/** A collector that refuses every request that contains one of `bad`. */
function refusing(bad: readonly number[]): (items: number[]) => Promise<Answer> {
  return async (items) => (items.some((item) => bad.includes(item)) ? { kind: "refused", reason: "bad" } : { kind: "accepted" });
}

test("requests stay under four megabytes, and what is larger goes alone", () => {
  const packed = packRequests(items([3_000_000, 900_000, 200_000, 9_000_000, 10]));
  expect(packed.map((request) => request.map(({ item }) => item))).toEqual([[0, 1], [2], [3], [4]]);
});

test("one bad item is refused alone", async () => {
  const { delivered, refused } = await sendItems(items(Array.from({ length: 9 }, () => 10)), refusing([5]));
  expect(delivered.map(({ item }) => item)).toEqual([0, 1, 2, 3, 4, 6, 7, 8]);
  expect(refused).toMatchObject([{ item: { item: 5 }, reason: "bad" }]);
});

test("items that a collector could not take now are neither delivered nor refused", async () => {
  const away = async (): Promise<Answer> => ({ kind: "unavailable", reason: "away" });
  expect(await sendItems(items([10, 10]), away)).toEqual({ delivered: [], refused: [] });
});
