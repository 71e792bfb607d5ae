import { execFile } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const EXAMPLE = join(import.meta.dirname, "../../jest/example");
const JEST = join(dirname(createRequire(import.meta.url).resolve("jest/package.json")), "bin/jest.js");

test("the library works in Jest, with the preset that it brings", async () => {
  const args = ["--experimental-vm-modules", JEST, "--rootDir", EXAMPLE, "--ci", "--json", "--no-cache"];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: EXAMPLE });
  const { testResults } = JSON.parse(stdout) as { testResults: { assertionResults: { title: string; status: string }[] }[] };
  expect(testResults.flatMap(({ assertionResults }) => assertionResults.map(({ title, status }) => [title, status]))).toEqual([
    ["refunds are explained", "passed"],
    ["the new version is no worse", "passed"],
    ["a version that lost what it could is named", "passed"],
  ]);
});
