import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { runSignalbox } from "../testing/signalbox.ts";

/** A folder with everything but a conversation. */
const FILES = {
  "flights.json": {},
  "reservations.json": {},
  "users.json": {},
  "policy.md": "Be kind.",
  "tasks.json": [{ id: 0, user_id: "ada_1", instruction: "Your user id is ada_1.", actions: [], outputs: [] }],
  "tools.json": [{ type: "function", function: { name: "think", description: "", parameters: {} } }],
  "trajectories-dev.json": [],
};

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "signalbox-import-"));
  for (const [name, content] of Object.entries(FILES)) write(name, content);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, content: unknown): void {
  writeFileSync(join(folder, name), JSON.stringify(content));
}

/** The refusal of an import of a folder, before any Signalbox is looked for or started. */
async function refusal(): Promise<{ message: string; exitCode: number | null }> {
  const { stdout, exitCode } = await runSignalbox({ dataDir: join(folder, "unused"), portOffset: 0 }, [
    "import",
    "tau-bench",
    folder,
    "--json",
  ]);
  return { message: JSON.parse(stdout).error.message, exitCode };
}

test("a field that is wrong is named with its file", async () => {
  write("trajectories-dev.json", [{ task_id: 0, trial: 0, reward: "high" }]);
  expect(await refusal()).toEqual({ message: expect.stringContaining("trajectories-dev.json: [0].reward"), exitCode: 2 });
});

test("a file without a conversation is named", async () => {
  expect(await refusal()).toEqual({ message: "trajectories-dev.json: there is no recorded conversation in it", exitCode: 2 });
});

test("a file that is missing is named with its folder", async () => {
  rmSync(join(folder, "flights.json"));
  expect(await refusal()).toEqual({ message: `flights.json is missing in ${folder}`, exitCode: 2 });
});

test("a folder in the place of a file is named", async () => {
  rmSync(join(folder, "tasks.json"));
  mkdirSync(join(folder, "tasks.json"));
  expect(await refusal()).toEqual({ message: `${folder}/tasks.json is a folder, not a file.`, exitCode: 2 });
});
