import { expect, test } from "vitest";
import { ifRoom } from "./ifRoom.ts";

test("so many wait for an answer and no more, and each that has one makes room", async () => {
  const held = Promise.withResolvers<string>();
  const ask = ifRoom(2, () => held.promise);
  const asked = [ask("a"), ask("b"), ask("c")];
  expect(await asked[2]).toBeNull();
  held.resolve("known");
  expect(await Promise.all(asked)).toEqual(["known", "known", null]);
  expect(await ask("d")).toBe("known");
});

test("no answer is to be had where asking fails, and others may ask", async () => {
  const ask = ifRoom(1, async (isAway: boolean) => {
    if (isAway) throw new Error("the store is away");
    return "known";
  });
  expect([await ask(true), await ask(false)]).toEqual([null, "known"]);
});
