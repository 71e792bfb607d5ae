import { expect, test } from "vitest";
import { openSuspectLine } from "./suspectLine.ts";

/** A line, who was let in, a way to ask for a place, and the end of whoever is inside. */
function aLine(suspectsMax: number) {
  const line = openSuspectLine(suspectsMax);
  const inside: string[] = [];
  const refused: string[] = [];
  let endIt = () => {};
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  return {
    inside,
    refused,
    come: async (name: string, isNew: boolean) => {
      const work = async (): Promise<void> => {
        inside.push(name);
        await new Promise<void>((end) => (endIt = end));
      };
      void line(isNew, work).then((result) => result === "full" && refused.push(name));
      await settle();
    },
    next: async () => {
      endIt();
      await settle();
    },
  };
}

test("one suspect is inside at a time, and the others follow as they came", async () => {
  const { come, next, inside } = aLine(3);
  for (const name of ["a", "b", "c"]) await come(name, false);
  expect(inside).toEqual(["a"]);
  await next();
  await next();
  expect(inside).toEqual(["a", "b", "c"]);
});

test("the first task of another death waits for the one inside alone, whoever waits already", async () => {
  const { come, next, inside, refused } = aLine(4);
  for (const name of ["a1", "a2", "a3"]) await come(name, true);
  await come("put off before", false);
  await come("b1", true);
  await next();
  expect(inside).toEqual(["a1", "b1"]);
  expect(refused).toEqual(["put off before"]);
});

test("who comes to a full line is refused, and makes no room for itself where its death is known already", async () => {
  const { come, next, inside, refused } = aLine(2);
  for (const name of ["a", "b", "c"]) await come(name, false);
  expect(refused).toEqual(["c"]);
  await next();
  await come("d", false);
  await next();
  expect(inside).toEqual(["a", "b", "d"]);
});

test("work that fails leaves its place to the next", async () => {
  const line = openSuspectLine(2);
  const failed = line(false, () => Promise.reject(new Error("the journal is away")));
  const next = line(false, async () => "done");
  await expect(failed).rejects.toThrow("the journal is away");
  expect(await next).toBe("done");
});
