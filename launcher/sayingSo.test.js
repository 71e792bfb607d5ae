import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { sayingSo } from "./sayingSo.js";

const said = vi.spyOn(process.stderr, "write").mockReturnValue(true);
beforeEach(() => vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  said.mockClear();
});
const words = () => said.mock.calls.map(([chunk]) => String(chunk)).join("");
const after = (ms) => new Promise((resolve) => setTimeout(() => resolve(ms), ms));

test("work that takes long is announced, and again with its time while it goes on", async () => {
  const done = sayingSo("It is built.", after(25_000));
  await vi.advanceTimersByTimeAsync(25_000);
  expect(await done).toBe(25_000);
  expect(words()).toBe("It is built.\n… 12 s\n… 22 s\n");
});

test("work that is done at once is not announced", async () => {
  const done = sayingSo("It is built.", after(100));
  await vi.advanceTimersByTimeAsync(60_000);
  await done;
  expect(words()).toBe("");
});
