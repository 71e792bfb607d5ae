import { readdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { aFolder } from "../aFolder.ts";
import { interopModeOf } from "./interopTest.ts";
import { pythonEnvironment } from "./pythonEnvironment.ts";

/** No service listens on port 9 of this machine. */
const UNREACHABLE = { ...process.env, PIP_INDEX_URL: "http://127.0.0.1:9/", PIP_FIND_LINKS: "", PIP_NO_CACHE_DIR: "1" };

async function requirementsIn(folder: string, text: string): Promise<URL> {
  const file = join(folder, "requirements.txt");
  await writeFile(file, text);
  return pathToFileURL(file);
}

test("without a reachable registry there is no environment, and nothing is left behind", async () => {
  await using place = await aFolder();
  const cache = join(place.folder, "cache");
  const missing = await pythonEnvironment(await requirementsIn(place.folder, "six==1.17.0\n"), { cache, env: UNREACHABLE });
  expect(missing).toEqual({ kind: "missing", reason: expect.stringMatching(/requirements\.txt cannot be had here: .*six==1\.17\.0/) });
  expect(await readdir(cache)).toEqual([]);
});

test("without Python there is no environment", async () => {
  await using place = await aFolder();
  const missing = await pythonEnvironment(await requirementsIn(place.folder, ""), { cache: place.folder, env: { PATH: place.folder } });
  expect(missing).toEqual({ kind: "missing", reason: expect.stringContaining("python3") });
});

test("a missing environment skips a test with the reason, and fails it where interop is required", () => {
  const missing = { kind: "missing", reason: "no registry" } as const;
  expect(interopModeOf(missing, {})).toEqual({ kind: "skip", reason: "no registry" });
  expect(interopModeOf(missing, { SIGNALBOX_INTEROP: "required" })).toEqual({ kind: "fail", reason: "no registry" });
  expect(interopModeOf({ kind: "ready", python: "python" }, { SIGNALBOX_INTEROP: "required" })).toEqual({ kind: "run", python: "python" });
});

test("the same requirements share one environment", async ({ skip }) => {
  await using place = await aFolder();
  const requirements = await requirementsIn(place.folder, "");
  const surroundings = { cache: join(place.folder, "cache"), env: process.env };
  const first = await pythonEnvironment(requirements, surroundings);
  if (first.kind === "missing") return skip(first.reason);
  const madeAt = (await stat(first.python)).birthtimeMs;
  expect(await pythonEnvironment(requirements, surroundings)).toEqual(first);
  expect((await stat(first.python)).birthtimeMs).toBe(madeAt);
  expect(await readdir(surroundings.cache)).toHaveLength(1);
});

test("of two environments made at the same moment one is kept and serves both", async ({ skip }) => {
  await using place = await aFolder();
  const requirements = await requirementsIn(place.folder, "");
  const surroundings = { cache: join(place.folder, "cache"), env: process.env };
  const [one, other] = await Promise.all([pythonEnvironment(requirements, surroundings), pythonEnvironment(requirements, surroundings)]);
  if (one.kind === "missing" && other.kind === "missing") return skip(one.reason);
  expect(one).toEqual({ kind: "ready", python: expect.any(String) });
  expect(other).toEqual(one);
  expect(await readdir(surroundings.cache)).toHaveLength(1);
});
