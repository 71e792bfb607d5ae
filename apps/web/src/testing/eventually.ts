import { expect } from "vitest";

const DEADLINE_MS = 20_000;

/**
 * Asserts on the result of `read` again and again until the assertion holds or the deadline has passed; then the failure shows the last
 * result.
 */
export function eventually<T>(read: () => Promise<T> | T) {
  return expect.poll(read, { timeout: DEADLINE_MS });
}
