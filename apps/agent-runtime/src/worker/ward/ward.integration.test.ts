import { fork } from "node:child_process";
import { on, once } from "node:events";
import { pino } from "pino";
import { expect, test, vi } from "vitest";
import { openWard, type Ward } from "./ward.ts";

/** Processes start here, which takes time on a busy machine. */
vi.setConfig({ testTimeout: 60_000 });

const LOG = pino({ level: "silent" });

const SCRIPTED = new URL("__fixtures__/scriptedWard.ts", import.meta.url);
const STILLBORN = new URL("__fixtures__/stillbornWard.ts", import.meta.url);
const LATE = new URL("__fixtures__/lateWard.ts", import.meta.url);
const BLOCKED_WORKER = new URL("__fixtures__/blockedWorker.ts", import.meta.url);

function aWard(entry: URL, suspectsMax = 4, lookEveryMs?: number): Ward & AsyncDisposable {
  // By default only its first suspect starts it.
  const ward = openWard(LOG, suspectsMax, { entry, warmAfterMs: 3_600_000, ...(lookEveryMs && { lookEveryMs }) });
  return { ...ward, [Symbol.asyncDispose]: ward.close };
}

async function pidOf(ward: Ward): Promise<number> {
  const run = await ward.run("be there");
  if (typeof run === "string") throw new Error(`the ward is ${run}`);
  return Number(run.project);
}

/** Resolves once all pending callbacks have run and before any event from outside. */
const allUnderWay = (): Promise<void> => new Promise((resolve) => process.nextTick(resolve));

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

test("suspects run in one separate process, which ends with the ward", async () => {
  const ward = aWard(SCRIPTED);
  const pids = [await pidOf(ward), await pidOf(ward)];
  expect(new Set(pids).size).toBe(1);
  expect(pids).not.toContain(process.pid);
  await ward.close();
  expect(pids.filter(isAlive)).toEqual([]);
});

test("a suspect that kills the process is lost and comes again, and those behind it get another process", async () => {
  await using ward = aWard(SCRIPTED);
  const before = await pidOf(ward);
  const [lost, after] = await Promise.all([ward.run("die"), pidOf(ward)]);
  expect(lost).toEqual({ handled: { kind: "again", delayMs: 0 }, outcome: "lost" });
  expect(after).not.toBe(before);
});

test("a suspect that blocks the process is lost with it", async () => {
  await using ward = aWard(SCRIPTED, 4, 300);
  const before = await pidOf(ward);
  expect(await ward.run("block")).toMatchObject({ outcome: "lost" });
  expect(await pidOf(ward)).not.toBe(before);
});

test("a ward that dies before it has opened its stores is away, and no suspect is lost", async () => {
  await using ward = aWard(SCRIPTED);
  expect(await ward.run("die opening")).toBe("away");
  expect(await ward.run("a")).toBe("away");
});

test("the ward holds a limited number of suspects, and each that ends makes room", async () => {
  await using ward = aWard(SCRIPTED, 2);
  const runs = await Promise.all(["a", "b", "c", "d"].map((name) => ward.run(name)));
  expect(runs.map((run) => (typeof run === "string" ? run : run.outcome))).toEqual(["done", "done", "full", "full"]);
  expect(await ward.run("e")).toMatchObject({ outcome: "done" });
});

test("a suspect that waits when the worker leaves is put off for another worker", async () => {
  await using ward = aWard(SCRIPTED);
  await pidOf(ward);
  const runs = [ward.run("leave"), ward.run("b")];
  await allUnderWay();
  ward.leave();
  expect(await Promise.all(runs)).toEqual([expect.objectContaining({ outcome: "done" }), "full"]);
});

test("a suspect whose process is being started when the worker leaves is put off", async () => {
  await using ward = aWard(SCRIPTED);
  const run = ward.run("a");
  await allUnderWay();
  ward.leave();
  expect(await run).toBe("full");
});

test("a process that is to leave while it opens its stores refuses its suspect, and gives up what would take long", async () => {
  const child = fork(LATE, { stdio: ["ignore", "ignore", "inherit", "ipc"] });
  const kinds: string[] = [];
  for await (const [{ kind }] of on(child, "message")) {
    if (kind !== "alive") kinds.push(kind);
    if (kind === "ready") for (const message of [{ kind: "run", taskId: "a" }, { kind: "leave" }]) child.send(message);
    if (kinds.length === 4) break;
  }
  expect(kinds.toSorted()).toEqual(["given up", "leaving", "opened", "ready"]);
  child.disconnect();
  await once(child, "exit");
});

test("a ward whose thread is blocked ends with its worker", async () => {
  const worker = fork(BLOCKED_WORKER, { stdio: ["ignore", "ignore", "pipe", "ipc"] });
  await new Promise<void>((blocked) => worker.stderr?.on("data", (said) => String(said).includes("blocked") && blocked()));
  worker.kill("SIGKILL");
  // The ward has the same standard error: it is closed when both are gone.
  await once(worker, "close");
});

test("a run that could not be recorded ends neither its task nor any other", async () => {
  await using ward = aWard(SCRIPTED);
  await expect(ward.run("fail")).rejects.toThrow("the journal is away");
  expect(await ward.run("a")).toMatchObject({ outcome: "done" });
});

test("a ward that lacks what it needs is away", async () => {
  await using ward = aWard(SCRIPTED);
  expect(await ward.run("unable")).toBe("away");
  expect(await ward.run("a")).toBe("away");
});

test("where the process cannot be started, the ward says that it is away", async () => {
  await using ward = aWard(STILLBORN);
  expect(await ward.run("a")).toBe("away");
  expect(await ward.run("b")).toBe("away");
});
