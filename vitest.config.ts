import { defineConfig } from "vitest/config";

/** Tests that start the whole product or a browser: one at a time, after the others, since each wants the machine for itself. */
const SYSTEM_TESTS = ["{apps,packages}/*/src/**/*.{e2e,browser}.test.{ts,tsx}"];

export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      {
        test: {
          name: "parts",
          include: ["{apps,packages}/*/src/**/*.test.{ts,tsx}"],
          exclude: [...SYSTEM_TESTS, "**/node_modules/**"],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: "system",
          include: SYSTEM_TESTS,
          testTimeout: 300_000,
          hookTimeout: 300_000,
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
