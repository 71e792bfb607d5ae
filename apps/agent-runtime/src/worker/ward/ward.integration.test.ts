import { fork } from "node:child_process";
import { on, once } from "node:events";
import { pino } from "pino";
import { expect, test, vi } from "vitest";
import { openWard, type Ward } from "./ward.ts";

/** Processes are started here, which takes its time on a busy machine. */
vi.setConfig({ testTimeout: 60_000 });

const LOG = pino({ level: "silent" });

const SCRIPTED = new URL("__fixtures__/scriptedWard.ts", import.meta.url);
const STILLBORN = new URL("__fixtures__/stillbornWard.ts", import.meta.url);
const LEAVING = new URL("__fixtures__/leavingWard.ts", import.meta.url);
const HUNG = new URL("__fixtures__/hungWard.ts", import.meta.url);
const STORELESS = new URL("__fixtures__/storelessWard.ts", import.meta.url);
const BLOCKED_WORKER = new URL("__fixtures__/blockedWorker.ts", import.meta.url);

function aWard(entry: URL, suspectsMax = 4, lookEveryMs?: number): Ward & AsyncDisposable {
  const ward = openWard(LOG, suspectsMax, { entry, ...(lookEveryMs && { lookEveryMs }) });
  return { ...ward, [Symbol.asyncDispose]: ward.close };
}

async function pidOf(ward: Ward): Promise<number> {
  const run = await ward.run("be there");
  if (typeof run === "string") throw new Error(`the ward is ${run}`);
  return Number(run.project);
}

/** What can go on has done so, and nothing was heard from outside. */
const allUnderWay = (): Promise<void> => new Promise((resolve) => process.nextTick(resolve));

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

test("suspects run in one process that is not this one, and it ends with the ward", async () => {
  const ward = aWard(SCRIPTED);
  const pids = [await pidOf(ward), await pidOf(ward)];
  expect(new Set(pids).size).toBe(1);
  expect(pids).not.toContain(process.pid);
  await ward.close();
  expect(pids.filter(isAlive)).toEqual([]);
});

test("a suspect of which the process dies is lost and comes again, and those behind it have another process", async () => {
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

test("so many suspects are in the ward and no more, and each that ends makes room", async () => {
  await using ward = aWard(SCRIPTED, 2);
  const runs = await Promise.all(["a", "b", "c", "d"].map((name) => ward.run(name)));
  expect(runs.map((run) => (typeof run === "string" ? run : run.outcome))).toEqual(["done", "done", "full", "full"]);
  expect(await ward.run("e")).toMatchObject({ outcome: "done" });
});

test("who waits for its turn when the worker leaves is put off, for another worker to run", async () => {
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

test("a process that is to leave gives up what would take long", async () => {
  const child = fork(LEAVING, { stdio: ["ignore", "ignore", "inherit", "ipc"] });
  const kinds: string[] = [];
  for await (const [{ kind }] of on(child, "message")) {
    if (kind !== "alive") kinds.push(kind);
    if (kind === "ready") child.send({ kind: "leave" });
    if (kinds.length === 2) break;
  }
  expect(kinds).toEqual(["ready", "given up"]);
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

test("a run that could not be written down is no end of its task, and of no other", async () => {
  await using ward = aWard(SCRIPTED);
  await expect(ward.run("fail")).rejects.toThrow("the journal is away");
  expect(await ward.run("a")).toMatchObject({ outcome: "done" });
});

test("whoever comes when the process is ready finds it there, and the first is the one that died now", async () => {
  await using ward = aWard(SCRIPTED);
  await ward.started;
  const ended: string[] = [];
  const run = (name: string, isNew: boolean) => ward.run(name, isNew).then(() => ended.push(name));
  await Promise.all([run("a", false), run("b", false), run("c", true)]);
  expect(ended).toEqual(["a", "c", "b"]);
});

test.each([
  ["hangs", HUNG],
  ["has no stores", STORELESS],
])("a ward that %s before it is ready is given up after a while, and its suspects are not held up", async (_, entry) => {
  await using ward = aWard(entry, 4, 20);
  const early = ward.run("a");
  await ward.started;
  expect([await early, await ward.run("b")]).toEqual(["away", "away"]);
});

test("where the process cannot be started, the ward says that it is away", async () => {
  await using ward = aWard(STILLBORN);
  expect(await ward.run("a")).toBe("away");
  expect(await ward.run("b")).toBe("away");
});
