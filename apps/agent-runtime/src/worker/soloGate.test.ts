import { expect, test } from "vitest";
import { openSoloGate } from "./soloGate.ts";

/** Work that reports its start in `begun` and ends when told to. */
function aPieceOfWork(begun: string[], name: string) {
  const { promise, resolve } = Promise.withResolvers<void>();
  return {
    end: resolve,
    work: async () => {
      begun.push(name);
      await promise;
      return name;
    },
  };
}

const settle = () => new Promise((resolve) => setImmediate(resolve));

test("ordinary work runs side by side, a suspect runs alone, and nothing overtakes it", async () => {
  const gate = openSoloGate();
  const begun: string[] = [];
  const [a, b, suspect, c] = [aPieceOfWork(begun, "a"), aPieceOfWork(begun, "b"), aPieceOfWork(begun, "suspect"), aPieceOfWork(begun, "c")];
  const all = [gate(false, a.work), gate(false, b.work), gate(true, suspect.work), gate(false, c.work)];
  await settle();
  expect(begun).toEqual(["a", "b"]);
  a.end();
  await settle();
  expect(begun).toEqual(["a", "b"]);
  b.end();
  await settle();
  expect(begun).toEqual(["a", "b", "suspect"]);
  suspect.end();
  await settle();
  expect(begun).toEqual(["a", "b", "suspect", "c"]);
  c.end();
  expect(await Promise.all(all)).toEqual(["a", "b", "suspect", "c"]);
});

test("work that throws leaves the gate open", async () => {
  const gate = openSoloGate();
  await expect(gate(true, () => Promise.reject(new Error("gone")))).rejects.toThrow("gone");
  expect(await gate(true, async () => "next")).toBe("next");
});
