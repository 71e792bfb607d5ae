import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { getPriority, setPriority, tmpdir } from "node:os";
import { join } from "node:path";
import { turbo } from "./build.js";
import { endWith } from "./ending.js";
import { install } from "./install.js";
import { useNode24 } from "./node24.js";
import { root } from "./places.js";
import { run } from "./run.js";

/** What the embedded ClickHouse merges and mutates at: beside files that compute it would hardly come to that, were they not at it too. */
const NICE = 15;

/** What is checked without running the product; each counts as one test. */
const CHECKS = [
  { name: "format and lint", command: ["biome", "ci", "--error-on-warnings", "."] },
  { name: "types", command: ["turbo", "run", "types", "--output-logs=errors-only"] },
  { name: "import directions", command: ["depcruise", "--config", ".dependency-cruiser.cjs", "apps", "packages"] },
  { name: "nothing unused", command: ["knip"] },
];

/** Runs one check and says how it went. */
async function passes({ name, command: [tool, ...args] }) {
  const exitCode = await run(join(root, "node_modules", ".bin", tool), args, {
    cwd: root,
    env: { TURBO_TELEMETRY_DISABLED: "1" },
    quiet: true,
  });
  process.stdout.write(`${exitCode === 0 ? "✓" : "✗"} ${name}\n`);
  return exitCode === 0;
}

/**
 * Runs the tests (all, or those that `filters` name) and answers how many ended how. A file that could not be loaded counts as a failure.
 */
async function runTests(filters) {
  const folder = mkdtempSync(join(tmpdir(), "signalbox-test-"));
  try {
    const outputFile = join(folder, "results.json");
    const vitest = join(root, "node_modules", "vitest", "vitest.mjs");
    if (getPriority() < NICE) setPriority(NICE);
    await run("node", [vitest, "run", "--reporter=default", "--reporter=json", `--outputFile.json=${outputFile}`, ...filters], {
      cwd: root,
    });
    const results = JSON.parse(readFileSync(outputFile, "utf8"));
    const unloaded = results.testResults.filter(
      (file) => file.status === "failed" && file.assertionResults.every((test) => test.status !== "failed"),
    );
    const skipped = results.testResults.flatMap((file) =>
      file.assertionResults.filter((test) => !["passed", "failed"].includes(test.status)),
    );
    for (const test of skipped) process.stdout.write(`skipped: ${test.fullName}\n`);
    return { passed: results.numPassedTests, failed: results.numFailedTests + unloaded.length, skipped: skipped.length };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Gets what the tests need. Without it nothing is tested, whatever is reachable: that counts as one failure and is never a skip. */
async function prepare() {
  try {
    await useNode24();
    await install({ withTools: true });
    await turbo("build");
  } catch (error) {
    process.stdout.write("0 passed, 1 failed, 0 skipped\n");
    throw error;
  }
}

/** `npm test`: installs, builds, checks and tests everything; `npm test -- <file>` tests what the file's name matches. */
await endWith(async () => {
  const filters = process.argv.slice(2);
  await prepare();
  const counts = { passed: 0, failed: 0, skipped: 0 };
  if (filters.length === 0) {
    for (const check of CHECKS) counts[(await passes(check)) ? "passed" : "failed"] += 1;
  }
  const tests = await runTests(filters);
  for (const outcome of Object.keys(counts)) counts[outcome] += tests[outcome];
  process.stdout.write(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped\n`);
  return counts.failed > 0 || counts.passed === 0 ? 1 : 0;
});
