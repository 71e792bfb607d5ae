import { expect, test } from "vitest";
import { bytesText, counted, countText, percentText } from "./figures.ts";

test("numbers are written as people read them", () => {
  expect([percentText(0.12345), percentText(1, 0), percentText(0.5, 2)]).toEqual(["12.3 %", "100 %", "50.00 %"]);
  expect([countText(0), countText(1_234_567), countText(1_000.4)]).toEqual(["0", "1,234,567", "1,000"]);
  expect([counted(1, "span"), counted(1_200, "span"), counted(2, "entry", "entries")]).toEqual(["1 span", "1,200 spans", "2 entries"]);
});

test("bytes have the largest unit of which there is one", () => {
  expect([0, 1, 1_023, 1_024, 1.5 * 1024 ** 3, 2_000 * 1024 ** 4].map(bytesText)).toEqual([
    ...["0 B", "1 B", "1023 B", "1.0 KiB", "1.5 GiB", "2000.0 TiB"],
  ]);
});
