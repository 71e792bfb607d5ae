import { defineConfig } from "vitest/config";

/** Tests that start the whole product or a browser: one at a time, after the others, since each wants the machine for itself. */
const SYSTEM_TESTS = ["{apps,packages}/*/src/**/*.{e2e,browser}.test.{ts,tsx}"];

export default defineConfig({
  test: {
    // A file at a time: each has real databases of its own, and some kill and wait; two at once on two cores starve one another.
    maxWorkers: 1,
    projects: [
      {
        test: {
          name: "parts",
          include: ["{apps,packages}/*/src/**/*.test.{ts,tsx}", "launcher/*.test.js"],
          exclude: [...SYSTEM_TESTS, "**/node_modules/**"],
          testTimeout: 240_000,
          hookTimeout: 240_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: "system",
          include: SYSTEM_TESTS,
          testTimeout: 900_000,
          hookTimeout: 900_000,
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
