import { expect, test } from "vitest";
import { openSlots } from "./slots.ts";

test("no more than there are slots work at once, in the order in which they came, and one that fails gives its slot back", async () => {
  const slots = openSlots(2);
  const ends = Array.from({ length: 4 }, () => Promise.withResolvers<void>());
  const begun: number[] = [];
  const works = ends.map(({ promise }, index) =>
    slots.within(() => {
      begun.push(index);
      return promise;
    }),
  );
  expect(begun).toEqual([0, 1]);
  ends[1]?.reject(new Error("no"));
  await expect(works[1]).rejects.toThrow("no");
  expect(begun).toEqual([0, 1, 2]);
  for (const { resolve } of ends) resolve();
  await Promise.all([works[0], works[2], works[3]]);
  expect(begun).toEqual([0, 1, 2, 3]);
});
