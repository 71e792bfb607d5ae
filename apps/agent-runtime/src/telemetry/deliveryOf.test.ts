import { expect, test } from "vitest";
import { deliveryOf } from "./deliveryOf.ts";
import type { Parcel } from "./parcels.ts";

const OWED = [
  { id: 1n, taskId: "a", decisions: [0, 1], spans: [1] },
  { id: 2n, taskId: "b", decisions: [0], spans: [] },
];
const parcel = (id: bigint, position: number): Parcel<string> => ({ id, position, item: "", bytes: 1 });
const DECISIONS = [parcel(1n, 0), parcel(1n, 1), parcel(2n, 0)];
const SPANS = [parcel(1n, 1)];
const ALL = { parcels: DECISIONS, sent: { delivered: DECISIONS, refused: [] } };

test("a row is delivered when all of it is", () => {
  const spans = { parcels: SPANS, sent: { delivered: SPANS, refused: [] } };
  expect(deliveryOf(OWED, { decisions: ALL, spans })).toEqual({ delivered: [1n, 2n], refused: [] });
});

test("a row of which something is left to send is neither delivered nor refused", () => {
  const spans = { parcels: SPANS, sent: { delivered: [], refused: [] } };
  expect(deliveryOf(OWED, { decisions: ALL, spans })).toEqual({ delivered: [2n], refused: [] });
});

test("a row of which something was refused keeps that alone", () => {
  const spans = { parcels: SPANS, sent: { delivered: [], refused: SPANS.map((parcel) => ({ parcel, reason: "bad" })) } };
  expect(deliveryOf(OWED, { decisions: ALL, spans })).toEqual({
    delivered: [2n],
    refused: [{ id: 1n, reason: "bad", decisions: [], spans: [1] }],
  });
});

test("a row of which nothing can be told, because it became no span, is delivered", () => {
  const nothing = { parcels: [], sent: { delivered: [], refused: [] } };
  expect(deliveryOf(OWED, { decisions: nothing, spans: nothing })).toEqual({ delivered: [1n, 2n], refused: [] });
});
