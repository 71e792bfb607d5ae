import { join } from "node:path";
import { defineConfig } from "vitest/config";

// For the tests' processes and for those that they start: what one of them has compiled, the next one loads.
process.env.NODE_COMPILE_CACHE ??= join(import.meta.dirname, "node_modules/.cache/node");

/**
 * Tests of real parts: a store, a child process, another product's SDK,
 * or what this process itself needs. Each file has a process of its own.
 */
const INTEGRATION_TESTS = ["{apps,packages}/*/src/**/*.{integration,interop}.test.ts", "launcher/*.integration.test.js"];

/** Tests that start the whole product, or a command of it as people do. */
const E2E_TESTS = ["{apps,packages}/*/src/**/*.e2e.test.ts"];

/** Tests that open a browser. */
const BROWSER_TESTS = ["{apps,packages}/*/src/**/*.browser.test.{ts,tsx}"];

/** Tests that hold something to a time, of a processor or of a clock. */
const BUSY_TESTS = ["{apps,packages}/*/src/**/*.busy.test.ts"];

/** So many files that start stores and processes are run at once: they wait for one another's answers more than they compute. */
const FILES_AT_ONCE = 3;

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "units",
          include: ["{apps,packages}/*/src/**/*.test.{ts,tsx}", "launcher/*.test.js"],
          exclude: [...INTEGRATION_TESTS, ...E2E_TESTS, ...BROWSER_TESTS, ...BUSY_TESTS, "**/node_modules/**"],
          // Nothing outlives a unit's test, so that files share their processes: loading what they import is most of their cost.
          isolate: false,
          maxWorkers: 2,
          testTimeout: 60_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          // Projects of one order run together, by name: what takes longest begins first.
          name: "e2e",
          include: E2E_TESTS,
          globalSetup: "packages/db/src/testing/migrateStores.ts",
          maxWorkers: FILES_AT_ONCE,
          testTimeout: 900_000,
          hookTimeout: 900_000,
          expect: { poll: { timeout: 20_000 } },
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: "integration",
          include: INTEGRATION_TESTS,
          globalSetup: "packages/db/src/testing/migrateStores.ts",
          maxWorkers: FILES_AT_ONCE,
          testTimeout: 240_000,
          hookTimeout: 240_000,
          expect: { poll: { timeout: 20_000 } },
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: "browser",
          include: BROWSER_TESTS,
          globalSetup: ["packages/db/src/testing/migrateStores.ts", "apps/web/src/testing/unpackBrowser.ts"],
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
          testTimeout: 900_000,
          hookTimeout: 900_000,
          sequence: { groupOrder: 3 },
        },
      },
    ],
  },
});
