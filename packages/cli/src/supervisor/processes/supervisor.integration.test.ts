import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { freePorts, isAlive, until } from "../../testing/processes.ts";
import type { Part, PartState, Step } from "../parts/part.ts";
import { fakePart, fakeParts } from "./__fixtures__/fakeParts.ts";
import { LOG_BYTES_MAX } from "./partLog.ts";
import { TIMING } from "./supervisedPart.ts";
import { Supervisor } from "./supervisor.ts";

let logDir: string;
let notes: string[];
let started: Supervisor[];

beforeEach(() => {
  logDir = mkdtempSync(join(tmpdir(), "signalbox-supervisor-"));
  notes = [];
  started = [];
});
afterEach(() => {
  for (const supervisor of started) supervisor.kill();
  rmSync(logDir, { recursive: true, force: true });
});

function supervise(members: (Part | Step)[], changed: (states: readonly PartState[]) => void = () => {}): Supervisor {
  // A roll waits no longer for a copy than this, and here one has to end six times before it is given up.
  const timing = { ...TIMING, patienceMs: 300_000 };
  const supervisor = new Supervisor({ members, logDir, note: (line) => notes.push(line), changed, timing });
  started.push(supervisor);
  return supervisor;
}

const pidsOf = (supervisor: Supervisor): number[] => supervisor.states.flatMap(({ pid }) => pid ?? []);

test("starts parts after what they need, and steps between them", async () => {
  const [first = 0, second = 0] = await freePorts(2);
  const seen: string[] = [];
  const supervisor = supervise([
    fakePart("app", second, { needs: ["migrations"] }),
    {
      kind: "step",
      name: "migrations",
      needs: ["store"],
      run: async () => void seen.push(...supervisor.states.map(({ name, status }) => `${name} ${status}`)),
    },
    fakePart("store", first),
  ]);
  await supervisor.start();
  expect(seen).toEqual(["app waiting", "store ready"]);
  expect(supervisor.states.map(({ status }) => status)).toEqual(["ready", "ready"]);
});

test("a part that is killed runs again", async () => {
  const [port = 0] = await freePorts(1);
  const supervisor = supervise([fakePart("part0", port, { env: { FAKE_WORDS: "Reading the settings took 141ms\n" } })]);
  await supervisor.start();
  const [pid = 0] = pidsOf(supervisor);
  process.kill(pid, "SIGKILL");
  await until("restart", 30_000, () => pidsOf(supervisor).some((now) => now !== pid));
  await until("ready again", 30_000, () => supervisor.states[0]?.status === "ready");
  expect(supervisor.states[0]).toMatchObject({ restarts: 1 });
  expect(notes).toEqual(["The part0 was ended by SIGKILL; it is started again."]);
});

test("stops what needs others first, and leaves no process", async () => {
  const stopped: string[] = [];
  const note = (states: readonly PartState[]) =>
    stopped.push(...states.filter(({ name, status }) => status === "stopped" && !stopped.includes(name)).map(({ name }) => name));
  const supervisor = supervise(fakeParts(await freePorts(2)), note);
  await supervisor.start();
  const pids = pidsOf(supervisor);
  await supervisor.stop();
  expect(stopped).toEqual(["part1", "part0"]);
  expect(supervisor.states.map(({ status }) => status)).toEqual(["stopped", "stopped"]);
  expect(pids.filter(isAlive)).toEqual([]);
  expect(readFileSync(join(logDir, "part0.log"), "utf8")).toContain("stopped in order");
});

test("a part that says at its first start why it cannot run ends the start with that sentence", async () => {
  const [port = 0] = await freePorts(1);
  const supervisor = supervise([
    fakePart("collector", port, { env: { FAKE_END: "4", FAKE_WORDS: "The journal is on a read-only disk.\n" } }),
  ]);
  await expect(supervisor.start()).rejects.toMatchObject({
    code: "infrastructure",
    message: "The journal is on a read-only disk.",
    hint: `The log of the collector: ${join(logDir, "collector.log")}`,
  });
});

test("a part that ends at its first start because what it needs died is started again, and believed when nothing died", async () => {
  const [first = 0, second = 0] = await freePorts(2);
  let isKilled = false;
  const supervisor = supervise(
    [
      fakePart("store", first),
      fakePart("app", second, { needs: ["store"], env: { FAKE_END: "4", FAKE_WORDS: "The store does not answer.\n" } }),
    ],
    (states) => {
      const [store, app] = states;
      if (isKilled || app?.pid === undefined) return;
      isKilled = true;
      process.kill(store?.pid ?? 0, "SIGKILL");
    },
  );
  await expect(supervisor.start()).rejects.toMatchObject({ message: "The store does not answer." });
  // The app is started again as often as it takes the store to be ready.
  expect([...new Set(notes)]).toEqual([
    "The store was ended by SIGKILL; it is started again.",
    "The app ended with exit code 4: The store does not answer.; it is started again.",
  ]);
});

test("a part that cannot start while what it needs is away is started again when that is back, however long it takes", async () => {
  const [first = 0, second = 0] = await freePorts(2);
  const fuse = join(logDir, "fuse");
  let isStoreKilled = false;
  const supervisor = supervise(
    [fakePart("store", first, { env: { FAKE_BUSY: "1500" } }), fakePart("app", second, { needs: ["store"], env: { FAKE_FUSE: fuse } })],
    ([store]) => {
      if (isStoreKilled && store?.status === "ready" && store.restarts > 0) rmSync(fuse, { force: true });
    },
  );
  await supervisor.start();
  writeFileSync(fuse, "");
  isStoreKilled = true;
  for (const pid of pidsOf(supervisor)) process.kill(pid, "SIGKILL");
  await until("both again", 120_000, () => supervisor.states.every(({ status, restarts }) => status === "ready" && restarts > 0));
  // Once after the kill, and once after the start that could not succeed.
  expect(supervisor.states[1]?.restarts).toBeLessThanOrEqual(2);
});

test("a part that is not ready for long is told, with its log, and waited for", async () => {
  const [port = 0] = await freePorts(1);
  const part = fakePart("collector", port, { env: { FAKE_BUSY: "600" } });
  const supervisor = new Supervisor({
    members: [part],
    logDir,
    note: (line) => notes.push(line),
    changed: () => {},
    timing: { ...TIMING, patienceMs: 100 },
  });
  started.push(supervisor);
  await supervisor.start();
  expect(notes).toEqual([`The collector is not ready after 0.1 s; its log: ${join(logDir, "collector.log")}`]);
});

test("a step during which a part that it works on dies is done again", async () => {
  const [port = 0] = await freePorts(1);
  let runs = 0;
  const migrate = async (): Promise<void> => {
    runs += 1;
    if (runs > 1) return;
    process.kill(pidsOf(supervisor)[0] ?? 0, "SIGKILL");
    throw new Error("the connection was lost");
  };
  const supervisor = supervise([fakePart("store", port), { kind: "step", name: "migrations", needs: ["store"], run: migrate }]);
  await supervisor.start();
  expect(runs).toBe(2);
  await supervisor.stop();
});

test("the log of a running part steps aside when it has grown large, and the part goes on writing", async () => {
  const [port = 0] = await freePorts(1);
  const part = fakePart("worker", port);
  const supervisor = new Supervisor({
    members: [part],
    logDir,
    note: () => {},
    changed: () => {},
    timing: { ...TIMING, logCheckEveryMs: 50 },
  });
  started.push(supervisor);
  await supervisor.start();
  const log = join(logDir, "worker.log");
  appendFileSync(log, "x".repeat(LOG_BYTES_MAX + 1));
  await until("the log stepped aside", 30_000, () => existsSync(`${log}.1`) && statSync(log).size === 0);
  expect(statSync(`${log}.1`).size).toBe(LOG_BYTES_MAX + 1);
  await supervisor.stop();
  expect(readFileSync(log, "utf8")).toBe("stopped in order\n");
});

test("a part that does not end when asked is killed", async () => {
  const [port = 0] = await freePorts(1);
  const supervisor = supervise([fakePart("deaf", port, { env: { FAKE_DEAF: "yes" } })]);
  await supervisor.start();
  const pids = pidsOf(supervisor);
  await supervisor.stop();
  await until("it is gone", 30_000, () => !pids.some(isAlive));
});

test("a part that never becomes ready is given up after some tries, with its last words", async () => {
  const [port = 0] = await freePorts(1);
  const supervisor = supervise([
    fakePart("worker", port, { env: { FAKE_END: "7", FAKE_WORDS: "TypeError: x is not a function\n    at y\n" } }),
  ]);
  await expect(supervisor.start()).rejects.toMatchObject({
    message: "The worker is given up, it ended 6 times in a row before it was ready: TypeError: x is not a function.",
  });
});

test("stopping during the start stops what has started and starts nothing more", async () => {
  const [port = 0, later = 0] = await freePorts(2);
  const gate = Promise.withResolvers<void>();
  const supervisor = supervise([
    fakePart("store", port),
    { kind: "step", name: "migrations", needs: ["store"], run: () => gate.promise },
    fakePart("app", later, { needs: ["migrations"] }),
  ]);
  const start = supervisor.start();
  start.catch(() => {});
  await until("store", 30_000, () => supervisor.states[0]?.status === "ready");
  const pids = pidsOf(supervisor);
  const stop = supervisor.stop();
  gate.resolve();
  await stop;
  await expect(start).rejects.toThrow("stopped before everything was ready");
  expect(pids.filter(isAlive)).toEqual([]);
  expect(pidsOf(supervisor)).toEqual([]);
});

test("a roll replaces copies one at a time, those after what they need, and leaves everything else", async () => {
  const [store = 0, ...ports] = await freePorts(3);
  const away: string[][] = [];
  const changed = (states: readonly PartState[]): void => {
    away.push(states.flatMap(({ name, status }) => (status === "ready" ? [] : name)));
  };
  const copies = ports.map((port, index) => fakePart(`worker-${index + 1}`, port, { copyOf: "worker", needs: ["store"] }));
  const supervisor = supervise([...copies, fakePart("store", store)], changed);
  await supervisor.start();
  away.length = 0;
  const before = pidsOf(supervisor);
  expect(await supervisor.roll()).toEqual({ kind: "done" });
  const after = pidsOf(supervisor);
  expect([after[0] === before[0], after[1] === before[1], after[2] === before[2]]).toEqual([false, false, true]);
  expect(new Set(away.map((names) => names.join()))).toEqual(new Set(["worker-1", "worker-2", ""]));
  expect(supervisor.states.map(({ restarts }) => restarts)).toEqual([0, 0, 0]);
  expect(notes).toEqual([]);
});

test("a roll stops at the first copy that cannot be kept alive; the others go on, and the next roll starts it again", async () => {
  const ports = await freePorts(2);
  const fuse = join(logDir, "fuse");
  const supervisor = supervise(
    ports.map((port, index) => fakePart(`worker-${index + 1}`, port, { copyOf: "worker", env: { FAKE_FUSE: fuse } })),
  );
  await supervisor.start();
  const before = pidsOf(supervisor);
  writeFileSync(fuse, "");
  expect(await supervisor.roll()).toEqual({ kind: "not ready", part: "worker-1" });
  expect(supervisor.states.map(({ status }) => status)).toEqual(["stopped", "ready"]);
  expect(pidsOf(supervisor)).toEqual([before[1]]);
  rmSync(fuse);
  expect(await supervisor.roll()).toEqual({ kind: "done" });
  expect(supervisor.states.map(({ status }) => status)).toEqual(["ready", "ready"]);
});

test("a roll starts a copy that was let go before it ends the one that still works", async () => {
  const ports = await freePorts(2);
  const fuse = join(logDir, "fuse");
  const copies = ports.map((port, index) =>
    fakePart(`worker-${index + 1}`, port, { copyOf: "worker", env: index === 1 ? { FAKE_FUSE: fuse } : {} }),
  );
  const supervisor = supervise(copies);
  await supervisor.start();
  const before = pidsOf(supervisor);
  writeFileSync(fuse, "");
  expect(await supervisor.roll()).toEqual({ kind: "not ready", part: "worker-2" });
  const [first = 0] = pidsOf(supervisor);
  expect(first).not.toBe(before[0]);
  expect(await supervisor.roll()).toEqual({ kind: "not ready", part: "worker-2" });
  expect(pidsOf(supervisor)).toEqual([first]);
});

test("a roll leaves the only copy that works as it is", async () => {
  const [port = 0] = await freePorts(1);
  const supervisor = supervise([fakePart("worker-1", port, { copyOf: "worker" })]);
  await supervisor.start();
  const before = pidsOf(supervisor);
  expect(await supervisor.roll()).toEqual({ kind: "only copy", part: "worker-1" });
  expect(pidsOf(supervisor)).toEqual(before);
});

test("parts end when their supervisor is killed, also one that listens to nobody and one that is blocked, with what it started", async () => {
  const ports = await freePorts(3);
  const program = fileURLToPath(import.meta.resolve("./__fixtures__/fakeSupervisor.ts"));
  const child: ChildProcess = spawn(process.execPath, [program, logDir, ...ports.map(String)], { stdio: ["ignore", "pipe", "inherit"] });
  const [line] = await once(child.stdout ?? child, "data");
  const pids: number[] = JSON.parse(String(line));
  expect(pids.map(isAlive)).toEqual([true, true, true, true]);
  child.kill("SIGKILL");
  await until("all parts gone", 30_000, () => !pids.some(isAlive));
});
