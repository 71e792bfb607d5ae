import { once } from "node:events";
import { Readable } from "node:stream";
import { expect, test } from "vitest";
import { BodyBudget, readBody } from "./readBody.ts";

/** A request whose sender has sent these pieces so far. */
function sending(...pieces: string[]): Readable {
  const stream = new Readable({ read() {} });
  for (const piece of pieces) stream.push(Buffer.from(piece));
  return stream;
}

/** The result of reading, and what is left of a budget of ten bytes during and after it. */
async function readOf(stream: Readable, bytesMax?: number) {
  const budget = new BodyBudget(10);
  const left = (): number => {
    const bytes = Array.from({ length: 11 }, (_, count) => 10 - count).find((count) => budget.take(count)) ?? 0;
    budget.giveBack(bytes);
    return bytes;
  };
  const read = await readBody(stream, budget, bytesMax);
  const outcome = { kind: read.kind, text: read.kind === "body" ? read.body.toString() : null, left: left() };
  read[Symbol.dispose]();
  return { ...outcome, leftAfterwards: left() };
}

test("a body has all of its pieces", async () => {
  const stream = sending("one ", "two");
  stream.push(null);
  expect(await readOf(stream)).toEqual({ kind: "body", text: "one two", left: 3, leftAfterwards: 10 });
});

test.each([
  ["before it is read", (stream: Readable) => once(stream.destroy(), "close")],
  ["half way", (stream: Readable) => setImmediate(() => stream.destroy())],
  ["half way, with an error", (stream: Readable) => setImmediate(() => stream.destroy(new Error("reset")))],
])("a sender may hang up %s", async (_when, hangUp) => {
  const stream = sending("one ");
  await hangUp(stream);
  expect(await readOf(stream)).toMatchObject({ kind: "aborted", leftAfterwards: 10 });
});

test.each([
  ["is too large", 6, "too_large"],
  ["finds no room", undefined, "overloaded"],
] as const)("of a body that %s the rest is left unread", async (_which, bytesMax, kind) => {
  const stream = sending("one ", "two three", "four");
  expect(await readOf(stream, bytesMax)).toEqual({ kind, text: null, left: 6, leftAfterwards: 10 });
  expect(stream.isPaused()).toBe(true);
  stream.push("five");
  expect(stream.readableLength).toBeGreaterThan(0);
});
