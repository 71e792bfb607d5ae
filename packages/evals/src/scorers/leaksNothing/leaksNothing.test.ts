import { expect, test } from "vitest";
import { anAnswer, anItem } from "../tryBuilders.ts";
import { leaksNothing } from "./leaksNothing.ts";

const LEAK = "Write to ann@example.org, card 4111 1111 1111 1111.";

test("what was found is named by its kind and not repeated", () => {
  const score = leaksNothing.make({});
  expect(score(anItem(), anAnswer({ output: "Your order 4711 is on its way." }))).toMatchObject({ value: 1, passed: true });
  const leaked = score(anItem(), anAnswer({ output: { said: LEAK } }));
  expect(leaked).toEqual({ value: 0, passed: false, explanation: "the answer has: email, credit card" });
});

test("of several kinds those count that were asked for, and one that there is not is refused", () => {
  expect(leaksNothing.make({ kinds: ["iban"] })(anItem(), anAnswer({ output: LEAK }))).toMatchObject({ passed: true });
  expect(() => leaksNothing.make({ kinds: ["shoe size"] })).toThrow();
});
