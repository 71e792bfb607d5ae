import { execFile } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";

const PACKAGES = join(import.meta.dirname, "../../..");
const EXAMPLE = join(PACKAGES, "evals/jest/example");
const JEST = join(dirname(createRequire(import.meta.url).resolve("jest/package.json")), "bin/jest.js");

let project: string;

/** A project outside the repository, with the packages in its `node_modules` as `npm pack` makes them. */
beforeAll(() => {
  project = realpathSync(mkdtempSync(join(tmpdir(), "signalbox-jest-")));
  cpSync(EXAMPLE, project, { recursive: true });
  writeFileSync(join(project, "package.json"), '{ "type": "module" }');
  writeFileSync(join(project, "jsx.test.jsx"), 'test("JavaScript is transformed as before", () => expect(1).toBe(1));');
  for (const name of ["evals", "model"]) {
    const [from, to] = [join(PACKAGES, name), join(project, "node_modules/@signalbox", name)];
    for (const part of ["package.json", "src", ...(name === "evals" ? ["jest"] : [])])
      cpSync(join(from, part), join(to, part), { recursive: true });
    const { dependencies } = JSON.parse(readFileSync(join(from, "package.json"), "utf8")) as { dependencies: Record<string, string> };
    for (const dependency of Object.keys(dependencies).filter((other) => !other.startsWith("@signalbox/"))) {
      const [place] = (createRequire(join(from, "package.json")).resolve.paths(dependency) ?? []).filter((path) =>
        existsSync(join(path, dependency)),
      );
      if (place === undefined) throw new Error(`${dependency} is not installed`);
      mkdirSync(dirname(join(to, "node_modules", dependency)), { recursive: true });
      symlinkSync(join(place, dependency), join(to, "node_modules", dependency));
    }
  }
});
afterAll(() => rmSync(project, { recursive: true, force: true }));

async function passedIn(folder: string): Promise<string[]> {
  const args = ["--experimental-vm-modules", JEST, "--rootDir", folder, "--ci", "--json", "--no-cache"];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: folder });
  const { testResults } = JSON.parse(stdout) as { testResults: { assertionResults: { title: string; status: string }[] }[] };
  const results = testResults.flatMap(({ assertionResults }) => assertionResults);
  return results.map(({ title, status }) => `${title}: ${status}`).sort();
}

test("the library works in Jest from node_modules, with the preset that it brings, and leaves JavaScript to Jest", async () => {
  expect(await passedIn(project)).toEqual([
    "JavaScript is transformed as before: passed",
    "a version that lost what it could is named: passed",
    "refunds are explained: passed",
    "the new version is no worse: passed",
  ]);
});
