import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { CommandOutput } from "../commandLine/commandOutput.ts";
import { type FolderLock, tryLock } from "../supervisor/dataFolder/folderLock.ts";
import { type RunState, writeRunState } from "../supervisor/stateFile.ts";
import { roll } from "./roll.ts";
import { ROLL_SIGNAL } from "./rollSignal.ts";

let dataDir: string;
let lock: FolderLock | undefined;
let asked = 0;
const count = (): void => {
  asked += 1;
};

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), "signalbox-roll-"));
  const attempt = tryLock(join(dataDir, "lock"));
  lock = attempt.kind === "taken" ? attempt.lock : undefined;
  asked = 0;
  process.on(ROLL_SIGNAL, count);
});
afterEach(() => {
  process.off(ROLL_SIGNAL, count);
  lock?.release();
  rmSync(dataDir, { recursive: true, force: true });
});

/** Requests a roll of a Signalbox whose state file names this process. */
function rolled(changes: Partial<RunState>) {
  const topology = { kind: "staging", copies: 2 } as const;
  writeRunState(dataDir, {
    ...{ pid: process.pid, startedAt: new Date().toISOString(), ready: true, portOffset: 0, topology, parts: [] },
    ...changes,
  });
  const output = new CommandOutput(process, { json: false, verbose: false });
  return roll({ output, env: {}, args: [], flags: { dataDir } });
}

test("while copies are being replaced nobody waits for another roll", async () => {
  await expect(rolled({ roll: { count: 3, status: "rolling" } })).rejects.toThrow("being replaced already");
  expect(asked).toBe(0);
});

test("one copy of each service is not replaced, for nothing would work meanwhile", async () => {
  await expect(rolled({ topology: { kind: "staging", copies: 1 } })).rejects.toThrow("one copy of each service");
  expect(asked).toBe(0);
});
