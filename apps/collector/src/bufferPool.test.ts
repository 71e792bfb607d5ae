import { expect, test } from "vitest";
import { BufferPool } from "./bufferPool.ts";

test("reuses returned memory for the next request of its size", () => {
  const pool = new BufferPool(1_000);
  const first = pool.take(100);
  pool.giveBack(first);
  expect(pool.take(120).buffer).toBe(first.buffer);
});

test("never gives the same memory to two users at a time", () => {
  const pool = new BufferPool(1_000);
  pool.giveBack(pool.take(100));
  expect(pool.take(100).buffer).not.toBe(pool.take(100).buffer);
});

test("gives as many bytes as requested", () => {
  const pool = new BufferPool(1_000);
  for (const bytes of [0, 1, 2, 3, 64, 65, 1_000]) expect(pool.take(bytes)).toHaveLength(bytes);
});

test("keeps no more bytes than its limit", () => {
  const pool = new BufferPool(128);
  const [first, second] = [pool.take(100), pool.take(100)];
  pool.giveBack(first);
  pool.giveBack(second);
  expect(pool.take(100).buffer).toBe(first.buffer);
  expect(pool.take(100).buffer).not.toBe(second.buffer);
});
