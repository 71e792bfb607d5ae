import { AppError } from "@signalbox/model";
import { expect, test, vi } from "vitest";
import { inGroups } from "./inGroups.ts";

/** Work that is done when a test says so. */
function openWork() {
  const groups: { items: readonly string[]; done: (answers?: readonly string[]) => void; fail: (reason: Error) => void }[] = [];
  const work = (items: readonly string[]): Promise<readonly string[]> =>
    new Promise((resolve, reject) => {
      groups.push({ items, done: (answers = items.map((item) => item.toUpperCase())) => resolve(answers), fail: reject });
    });
  return { groups, work };
}

test("calls of one turn are one group, and each gets its own answer", async () => {
  const { groups, work } = openWork();
  const ask = inGroups(work, { itemsMax: 10, groupsMax: 1 });
  const answers = Promise.all(["a", "b", "c"].map(ask));
  await vi.waitFor(() => expect(groups.map(({ items }) => items)).toEqual([["a", "b", "c"]]));
  groups[0]?.done();
  expect(await answers).toEqual(["A", "B", "C"]);
});

test("while a group is under way the next one forms, none larger than allowed", async () => {
  const { groups, work } = openWork();
  const ask = inGroups(work, { itemsMax: 2, groupsMax: 1 });
  const first = ask("a");
  await vi.waitFor(() => expect(groups).toHaveLength(1));
  const later = Promise.all(["b", "c", "d"].map(ask));
  groups[0]?.done();
  await first;
  await vi.waitFor(() => expect(groups[1]?.items).toEqual(["b", "c"]));
  groups[1]?.done();
  await vi.waitFor(() => expect(groups[2]?.items).toEqual(["d"]));
  groups[2]?.done();
  expect(await later).toEqual(["B", "C", "D"]);
});

test("of a group that fails each is tried alone, and only the bad one fails", async () => {
  const ask = inGroups(
    async (items: readonly string[]) => {
      if (items.includes("bad")) throw new Error("cannot be stored");
      return items;
    },
    { itemsMax: 10, groupsMax: 1 },
  );
  const outcomes = await Promise.allSettled(["a", "bad", "b"].map(ask));
  expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
});

test("of a group that fails because the store is away none is tried again", async () => {
  let tries = 0;
  const ask = inGroups(
    async (_items: readonly string[]) => {
      tries += 1;
      throw new AppError("upstream_unavailable", "away");
    },
    { itemsMax: 10, groupsMax: 1 },
  );
  const outcomes = await Promise.allSettled(["a", "b", "c"].map(ask));
  expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "rejected", "rejected"]);
  expect(tries).toBe(1);
});
