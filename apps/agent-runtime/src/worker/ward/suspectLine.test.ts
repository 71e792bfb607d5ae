import { expect, test } from "vitest";
import { openSuspectLine } from "./suspectLine.ts";

/** A line, the suspects let in so far, a function that asks for a place, and one that ends the work inside. */
function aLine(suspectsMax: number) {
  const line = openSuspectLine(suspectsMax);
  const inside: string[] = [];
  const refused: string[] = [];
  let endIt = () => {};
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  return {
    inside,
    refused,
    come: async (name: string, diedWith: string) => {
      const work = async (): Promise<void> => {
        inside.push(name);
        await new Promise<void>((end) => (endIt = end));
      };
      void line(diedWith, work).then((result) => result === "full" && refused.push(name));
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
  for (const name of ["a1", "a2", "a3"]) await come(name, "a");
  expect(inside).toEqual(["a1"]);
  await next();
  await next();
  expect(inside).toEqual(["a1", "a2", "a3"]);
});

test("the first suspect of each death waits for the one inside and the firsts of other deaths, whoever waits already", async () => {
  const { come, next, inside, refused } = aLine(5);
  for (const name of ["a1", "a2", "a3"]) await come(name, "a");
  await come("b1", "b");
  await come("b2", "b");
  await come("c1", "c");
  for (let ended = 0; ended < 4; ended += 1) await next();
  expect(inside).toEqual(["a1", "b1", "c1", "a2", "a3"]);
  expect(refused).toEqual(["b2"]);
});

test("a first suspect for which there was no room is still the first when it comes again", async () => {
  const { come, next, inside, refused } = aLine(2);
  await come("a1", "a");
  await come("b1", "b");
  await come("c1", "c");
  expect(refused).toEqual(["c1"]);
  await next();
  await come("a2", "a");
  await come("c1", "c");
  await next();
  expect(inside).toEqual(["a1", "b1", "c1"]);
});

test("a suspect at a full line is refused, and each that ends makes room", async () => {
  const { come, next, inside, refused } = aLine(2);
  for (const name of ["a1", "a2", "a3"]) await come(name, "a");
  expect(refused).toEqual(["a3"]);
  await next();
  await come("a4", "a");
  await next();
  expect(inside).toEqual(["a1", "a2", "a4"]);
});

test("work that fails leaves its place to the next", async () => {
  const line = openSuspectLine(2);
  const failed = line("a", () => Promise.reject(new Error("the journal is away")));
  const next = line("a", async () => "done");
  await expect(failed).rejects.toThrow("the journal is away");
  expect(await next).toBe("done");
});
