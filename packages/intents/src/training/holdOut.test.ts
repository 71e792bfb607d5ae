import { expect, test } from "vitest";
import { SMALL_TALK } from "../testing/smallTalk.ts";
import { holdOut } from "./holdOut.ts";

test("each intent gives at least one row and about a tenth, and every row is in one of both parts", () => {
  const { kept, heldOut } = holdOut(SMALL_TALK, 1);
  expect(heldOut.map(({ intent }) => intent).sort()).toEqual(["close", "open", "where"]);
  expect(new Set([...kept, ...heldOut])).toEqual(new Set(SMALL_TALK));
  expect(kept).toHaveLength(SMALL_TALK.length - heldOut.length);
});

test("an intent with a single row keeps it", () => {
  const { kept, heldOut } = holdOut([{ text: "a", intent: "rare" }, ...SMALL_TALK], 1);
  expect(kept.map(({ intent }) => intent)).toContain("rare");
  expect(heldOut.map(({ intent }) => intent)).not.toContain("rare");
});

test("the same seed holds the same rows out, another one others", () => {
  const texts = (seed: number): string[] => holdOut(SMALL_TALK, seed).heldOut.map(({ text }) => text);
  expect(texts(1)).toEqual(texts(1));
  expect([2, 3, 4].map(texts)).not.toEqual([texts(1), texts(1), texts(1)]);
});
