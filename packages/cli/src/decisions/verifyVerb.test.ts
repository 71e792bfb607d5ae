import { expect, test } from "vitest";
import { doubtsOf } from "./verifyVerb.ts";

const now = Date.parse("2026-11-27T12:00:00.000Z");
const whole = { last: {} as never, events: 10, erasures: [], waitingSince: null };
const erasure = {
  ...{ id: "e1", project: "default", kind: "user", subjectDigest: "", actor: "operator", begunAt: "2026-11-27T11:00:00.000Z" },
  ...{ entries: 2, signed: 2 },
};

test("a signed log without erasures leaves no doubt, and neither does an empty store", () => {
  expect(doubtsOf(whole, [], now)).toEqual([]);
  expect(doubtsOf({ ...whole, last: null, events: 0 }, [], now)).toEqual([]);
});

test("decisions without any checkpoint may be somebody's who sealed them all anew", () => {
  expect(doubtsOf({ ...whole, last: null }, [], now)).toHaveLength(1);
});

test("decisions that nobody signs are in doubt when a checkpoint is long due", () => {
  expect(doubtsOf({ ...whole, waitingSince: "2026-11-27T11:59:00.000Z" }, [], now)).toEqual([]);
  expect(doubtsOf({ ...whole, waitingSince: "2026-11-27T11:00:00.000Z" }, [], now)).toHaveLength(1);
});

test("an erasure is in doubt until it is accepted with what it took", () => {
  expect(doubtsOf({ ...whole, erasures: [erasure] }, ["e1:1"], now)).toHaveLength(1);
  expect(doubtsOf({ ...whole, erasures: [erasure] }, ["e1:2"], now)).toEqual([]);
});

test("of an erasure it is said who is on record for it, whom to ask, and what either answer means", () => {
  const [doubt = ""] = doubtsOf({ ...whole, erasures: [erasure] }, [], now);
  expect(doubt.split("\n")).toEqual([
    "The erasure e1 took 2 entries for good. operator is on record as who asked for it, at 2026-11-27T11:00:00.000Z, but whoever holds the database can write that, too: ask operator.",
    "  If it was asked for, accept it by name: --accept-erasure e1:2.",
    "  If nobody asked for it, decisions were taken away behind the product's back: a backup from before has them.",
  ]);
});
