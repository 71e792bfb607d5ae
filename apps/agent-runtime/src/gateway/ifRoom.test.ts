import { expect, test } from "vitest";
import { ifRoom } from "./ifRoom.ts";

test("only so many may wait for an answer, and each answer makes room", async () => {
  const held = Promise.withResolvers<string>();
  const ask = ifRoom(2, () => held.promise);
  const asked = [ask("a"), ask("b"), ask("c")];
  expect(await asked[2]).toBeNull();
  held.resolve("known");
  expect(await Promise.all(asked)).toEqual(["known", "known", null]);
  expect(await ask("d")).toBe("known");
});

test("a failed question has no answer, and makes room for others", async () => {
  const ask = ifRoom(1, async (isAway: boolean) => {
    if (isAway) throw new Error("the store is away");
    return "known";
  });
  expect([await ask(true), await ask(false)]).toEqual([null, "known"]);
});
