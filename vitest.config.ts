import { join } from "node:path";
import { defineConfig } from "vitest/config";

// For the tests' processes and for those that they start: what one of them has compiled, the next one loads.
process.env.NODE_COMPILE_CACHE ??= join(import.meta.dirname, "node_modules/.cache/node");

/**
 * Tests of real parts: a store, a child process, another product's SDK,
 * or what this process itself needs. Each file has a process of its own.
 */
const INTEGRATION_TESTS = ["{apps,packages}/*/src/**/*.{integration,interop}.test.ts", "launcher/*.integration.test.js"];

/** Makes the stores that tests start from, once, before files would do so side by side. */
const MIGRATE = "packages/db/src/testing/migrateStores.ts";

/** Tests that start the whole product or a browser, or hold something that starts to a limit of the clock. */
const SYSTEM_TESTS = ["{apps,packages}/*/src/**/*.{e2e,browser}.test.{ts,tsx}"];

/** Tests that hold something to a time, of a processor or of a clock. */
const BUSY_TESTS = ["{apps,packages}/*/src/**/*.busy.test.ts"];

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "units",
          include: ["{apps,packages}/*/src/**/*.test.{ts,tsx}", "launcher/*.test.js"],
          exclude: [...INTEGRATION_TESTS, ...SYSTEM_TESTS, ...BUSY_TESTS, "**/node_modules/**"],
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
          globalSetup: MIGRATE,
          // More than there are processors: they wait for stores and processes half of the time.
          maxWorkers: 3,
          testTimeout: 600_000,
          hookTimeout: 600_000,
          expect: { poll: { timeout: 20_000 } },
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: "system",
          include: SYSTEM_TESTS,
          globalSetup: [MIGRATE, "apps/web/src/testing/unpackBrowser.ts"],
          // One at a time: a browser beside another's draws too slowly for what people wait for.
          maxWorkers: 1,
          fileParallelism: false,
          testTimeout: 900_000,
          hookTimeout: 900_000,
          sequence: { groupOrder: 2 },
        },
      },
      {
        test: {
          name: "busy",
          include: BUSY_TESTS,
          // One at a time: each wants the machine for itself.
          fileParallelism: false,
          testTimeout: 240_000,
          hookTimeout: 240_000,
          sequence: { groupOrder: 3 },
        },
      },
    ],
  },
});
