import { styleText } from "node:util";
import { expect, test } from "vitest";
import { textTable } from "./textTable.ts";

test("puts columns under one another without trailing spaces", () => {
  expect(
    textTable([
      ["collector", "ready"],
      ["web", "down", "exit 4"],
    ]),
  ).toBe("collector  ready\nweb        down   exit 4");
});

test("gives colour codes no width", () => {
  const red = styleText("red", "down", { validateStream: false });
  expect(
    textTable([
      [red, "a"],
      ["ready", "b"],
    ]),
  ).toBe(`${red}   a\nready  b`);
});
