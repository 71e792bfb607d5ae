import { expect, test } from "vitest";
import { marginsText, readMargin, readMargins } from "./margins.ts";

test("margins go into an address and come out of it, whatever the scorers are called", () => {
  const margins = { exact: 0.02, "is it, really: 50 %?": 0, "größe/å": 1.5e-7 };
  expect(readMargins(marginsText(margins) ?? "")).toEqual({ kind: "margins", margins });
  expect(marginsText({ exact: 0.02, f1: 0.1 })).toBe("exact:0.02,f1:0.1");
  expect([marginsText({}), readMargins("")]).toEqual([null, { kind: "margins", margins: {} }]);
});

test.each(["exact", "exact:", "exact:-1", "exact:little", "exact:Infinity", ":0.1", "exact:0.1,", "%E0%A4%A:0.1"])(
  "%s is told as what cannot be read",
  (text) => {
    expect(readMargins(text)).toMatchObject({ kind: "wrong" });
  },
);

test("what is typed is a margin where it is a number from 0 up", () => {
  expect([" 0.5 ", "0", "", "-0.1", "x"].map(readMargin)).toEqual([0.5, 0, null, null, null]);
});
