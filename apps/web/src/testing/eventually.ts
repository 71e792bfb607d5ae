import { expect } from "vitest";

const DEADLINE_MS = 20_000;

/** Asserts on what `read` answers, again and again until it holds or the deadline has passed; then the last answer is in the failure. */
export function eventually<T>(read: () => Promise<T> | T) {
  return expect.poll(read, { timeout: DEADLINE_MS });
}
