import { AppError } from "@signalbox/model";
import { expect, test } from "vitest";
import { type GroupCommitLimits, groupCommit } from "./groupCommit.ts";

const LIMITS: GroupCommitLimits = { itemsMax: 100, bytesMax: 1_000, handoversMax: 1 };

/** A group commit that doubles numbers, and the sizes of its groups. A number in `bad` spoils its whole group. */
function doubling(
  limits: Partial<GroupCommitLimits> = {},
  bad: readonly number[] = [],
  code: "infrastructure" | "upstream_unavailable" = "infrastructure",
) {
  const sizes: number[] = [];
  const double = groupCommit({ ...LIMITS, ...limits }, async (numbers: number[]) => {
    sizes.push(numbers.length);
    if (numbers.some((number) => bad.includes(number))) throw new AppError(code, "spoilt");
    return numbers.map((number) => number * 2);
  });
  return { sizes, double };
}

test("what comes together goes together, and everyone gets their own answer", async () => {
  const { sizes, double } = doubling();
  expect(await Promise.all([1, 2, 3].map((number) => double(number, 1)))).toEqual([2, 4, 6]);
  expect(sizes).toEqual([3]);
});

test("what comes while others are on their way goes after them, together", async () => {
  const { sizes, double } = doubling();
  const first = double(1, 1).then(() => Promise.all([double(4, 1), double(5, 1)]));
  await new Promise(setImmediate);
  await Promise.all([first, double(2, 1), double(3, 1)]);
  expect(sizes.reduce((sum, size) => sum + size)).toBe(5);
  expect(sizes[0]).toBe(1);
  expect(sizes.length).toBeLessThan(5);
});

test("no hand-over is larger than its limits, but that one item may be", async () => {
  const byItems = doubling({ itemsMax: 2 });
  await Promise.all([1, 2, 3, 4, 5].map((number) => byItems.double(number, 1)));
  expect(byItems.sizes).toEqual([2, 2, 1]);

  const byBytes = doubling({ bytesMax: 10 });
  await Promise.all([4, 6, 1, 50, 1].map((bytes) => byBytes.double(bytes, bytes)));
  expect(byBytes.sizes).toEqual([2, 1, 1, 1]);
});

test("an item that cannot be handed over spoils no other one", async () => {
  const { double } = doubling({}, [3, 6]);
  const answers = await Promise.allSettled([1, 2, 3, 4, 5, 6, 7].map((number) => double(number, 1)));
  expect(answers.map(({ status }) => status)).toEqual([1, 2, 3, 4, 5, 6, 7].map((number) => (number % 3 === 0 ? "rejected" : "fulfilled")));
});

test("where the failure is the store's, nobody asks it once more for each item", async () => {
  const { sizes, double } = doubling({}, [1], "upstream_unavailable");
  const answers = await Promise.allSettled([1, 2, 3, 4].map((number) => double(number, 1)));
  expect(answers.every(({ status }) => status === "rejected")).toBe(true);
  expect(sizes).toEqual([4]);
});
