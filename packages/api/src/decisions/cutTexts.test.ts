import { expect, test } from "vitest";
import { cutTexts } from "./cutTexts.ts";

test("a text that is too long is cut wherever it stands, and says by how much", () => {
  expect(cutTexts({ a: ["12345", { b: "123" }], n: 1 }, 4)).toEqual({
    a: ["1234 … (1 more characters, whole in the trace)", { b: "123" }],
    n: 1,
  });
});
