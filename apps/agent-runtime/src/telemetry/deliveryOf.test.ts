import { expect, test } from "vitest";
import { deliveryOf } from "./deliveryOf.ts";
import type { OutboxItem } from "./outboxBatches.ts";

const OWED = [
  { id: 1n, taskId: "a", decisions: [0, 1], spans: [1] },
  { id: 2n, taskId: "b", decisions: [0], spans: [] },
];
const item = (id: bigint, position: number): OutboxItem<string> => ({ id, position, item: "", bytes: 1 });
const DECISIONS = [item(1n, 0), item(1n, 1), item(2n, 0)];
const SPANS = [item(1n, 1)];
const ALL = { items: DECISIONS, sent: { delivered: DECISIONS, refused: [] } };

test("a row is delivered when all of it is", () => {
  const spans = { items: SPANS, sent: { delivered: SPANS, refused: [] } };
  expect(deliveryOf(OWED, { decisions: ALL, spans })).toEqual({ delivered: [1n, 2n], refused: [] });
});

test("a row with something left to send is neither delivered nor refused", () => {
  const spans = { items: SPANS, sent: { delivered: [], refused: [] } };
  expect(deliveryOf(OWED, { decisions: ALL, spans })).toEqual({ delivered: [2n], refused: [] });
});

test("a partly refused row keeps only its refused items", () => {
  const spans = { items: SPANS, sent: { delivered: [], refused: SPANS.map((item) => ({ item, reason: "bad" })) } };
  expect(deliveryOf(OWED, { decisions: ALL, spans })).toEqual({
    delivered: [2n],
    refused: [{ id: 1n, reason: "bad", decisions: [], spans: [1] }],
  });
});

test("a row that yields no span has nothing to send and counts as delivered", () => {
  const nothing = { items: [], sent: { delivered: [], refused: [] } };
  expect(deliveryOf(OWED, { decisions: nothing, spans: nothing })).toEqual({ delivered: [1n, 2n], refused: [] });
});
