import { expect, test } from "vitest";
import { spentText } from "./replayText.ts";

test("what models took is not said to be free where their price is not known", () => {
  expect(spentText(0.0123, 8_400)).toBe("$0.0123, 8400 tokens");
  expect(spentText(0, 8_400)).toBe("8400 tokens");
  expect(spentText(0, 0)).toBe("$0.0000");
});
