import { defineConfig } from "vitest/config";

/** Tests of real parts: a store, a child process, another product's SDK, or what this process itself needs. Each file has a process of its own. */
const INTEGRATION_TESTS = ["{apps,packages}/*/src/**/*.{integration,interop}.test.ts", "launcher/*.integration.test.js"];

/** Tests that start the whole product or a browser, or that say how long something may keep a processor busy. */
const SYSTEM_TESTS = ["{apps,packages}/*/src/**/*.{e2e,browser,busy}.test.{ts,tsx}"];

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "units",
          include: ["{apps,packages}/*/src/**/*.test.{ts,tsx}", "launcher/*.test.js"],
          exclude: [...INTEGRATION_TESTS, ...SYSTEM_TESTS, "**/node_modules/**"],
          // Nothing outlives a unit's test, so that files share their processes: loading what they import is most of their cost.
          isolate: false,
          maxWorkers: 2,
          testTimeout: 60_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: "integration",
          include: INTEGRATION_TESTS,
          maxWorkers: 2,
          testTimeout: 240_000,
          hookTimeout: 240_000,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: "system",
          include: SYSTEM_TESTS,
          // One at a time: each wants the machine for itself.
          maxWorkers: 1,
          testTimeout: 900_000,
          hookTimeout: 900_000,
          fileParallelism: false,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
