import { type ChildProcess, fork, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { processStart } from "../processes/processIdentity.ts";
import { lockHolder, tryLock } from "./folderLock.ts";

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "signalbox-lock-"));
  path = join(folder, "lock");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function deadPid(): Promise<number> {
  const child = spawn(process.execPath, ["--version"], { stdio: "ignore" });
  await once(child, "exit");
  return child.pid ?? 0;
}

test("a second taker is told who holds the lock", () => {
  const first = tryLock(path);
  expect(first).toMatchObject({ kind: "taken", fromTheDead: false });
  expect(tryLock(path)).toEqual({ kind: "held", pid: process.pid });
  expect(lockHolder(path)).toBe(process.pid);
});

test("a released lock leaves no file and can be taken again", () => {
  const first = tryLock(path);
  if (first.kind === "taken") first.lock.release();
  expect(readdirSync(folder)).toEqual([]);
  expect(lockHolder(path)).toBeUndefined();
  expect(tryLock(path).kind).toBe("taken");
});

test("the lock of a dead process is taken over", async () => {
  writeFileSync(path, JSON.stringify({ pid: await deadPid(), start: "then" }));
  expect(lockHolder(path)).toBeUndefined();
  expect(tryLock(path)).toMatchObject({ kind: "taken", fromTheDead: true });
  expect(readdirSync(folder)).toEqual(["lock"]);
});

test("a living process that merely has the number of the dead one does not hold the lock", () => {
  writeFileSync(path, JSON.stringify({ pid: process.pid, start: "an hour before it started" }));
  expect(tryLock(path)).toMatchObject({ kind: "taken", fromTheDead: true });
});

test("a file that names nobody is taken over", () => {
  writeFileSync(path, "");
  expect(tryLock(path)).toMatchObject({ kind: "taken", fromTheDead: true });
});

test("while another process takes the lock of a dead one over, it counts as the holder", async () => {
  writeFileSync(path, JSON.stringify({ pid: await deadPid(), start: "then" }));
  const text = JSON.stringify({ pid: process.ppid, start: processStart(process.ppid) });
  writeFileSync(`${path}.takeover`, text);
  expect(tryLock(path)).toEqual({ kind: "held", pid: process.ppid });
});

test("releasing does not remove a lock that is another's by now", () => {
  const first = tryLock(path);
  writeFileSync(path, "another's");
  if (first.kind === "taken") first.lock.release();
  expect(readFileSync(path, "utf8")).toBe("another's");
});

test("of many processes that find the lock of a dead one at the same moment, one takes it", async () => {
  const takers: ChildProcess[] = [];
  try {
    for (let count = 0; count < 6; count++) takers.push(fork(fileURLToPath(import.meta.resolve("./__fixtures__/lockTaker.ts"))));
    await Promise.all(takers.map((taker) => once(taker, "message")));
    for (let round = 0; round < 20; round++) {
      writeFileSync(path, JSON.stringify({ pid: await deadPid(), start: `round ${round}` }));
      const answers = Promise.all(takers.map((taker) => once(taker, "message")));
      for (const taker of takers) taker.send({ path });
      const taken = (await answers).flat().filter((answer) => answer === "taken");
      expect(taken).toHaveLength(1);
      const released = Promise.all(takers.map((taker) => once(taker, "message")));
      for (const taker of takers) taker.send({ release: true });
      await released;
      expect(existsSync(path)).toBe(false);
    }
  } finally {
    for (const taker of takers) taker.kill("SIGKILL");
  }
});
