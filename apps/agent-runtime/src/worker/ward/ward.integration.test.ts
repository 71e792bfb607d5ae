import { fork } from "node:child_process";
import { on, once } from "node:events";
import { pino } from "pino";
import { expect, test } from "vitest";
import { until } from "../../testing/testRuntime.ts";
import { openWard, type Ward } from "./ward.ts";

const SCRIPTED = new URL("__fixtures__/scriptedWard.ts", import.meta.url);
const STILLBORN = new URL("__fixtures__/stillbornWard.ts", import.meta.url);
const LEAVING = new URL("__fixtures__/leavingWard.ts", import.meta.url);
const HUNG = new URL("__fixtures__/hungWard.ts", import.meta.url);
const STORELESS = new URL("__fixtures__/storelessWard.ts", import.meta.url);
const SHORT_LIVED = new URL("__fixtures__/shortLivedWard.ts", import.meta.url);
const BLOCKED_WORKER = new URL("__fixtures__/blockedWorker.ts", import.meta.url);

/** A ward, and its log: the lines so far that contain certain words. */
function aWard(
  entry: URL,
  { suspectsMax = 4, ...times }: { suspectsMax?: number; lookEveryMs?: number; awayMs?: number } = {},
): Ward & AsyncDisposable & { said: (words: string) => string[] } {
  const lines: string[] = [];
  const log = pino({ level: "warn" }, { write: (line: string) => void lines.push(line) });
  const ward = openWard(log, suspectsMax, { entry, ...times });
  return { ...ward, said: (words) => lines.filter((line) => line.includes(words)), [Symbol.asyncDispose]: ward.close };
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
  await using ward = aWard(SCRIPTED, { lookEveryMs: 600 });
  const before = await pidOf(ward);
  expect(await ward.run("block")).toMatchObject({ outcome: "lost" });
  expect(await pidOf(ward)).not.toBe(before);
});

test("the ward holds a limited number of suspects, and each that ends makes room", async () => {
  await using ward = aWard(SCRIPTED, { suspectsMax: 2 });
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

test("a process that is told to leave gives up what would take long", async () => {
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

test("a run that could not be recorded ends neither its task nor any other", async () => {
  await using ward = aWard(SCRIPTED);
  await expect(ward.run("fail")).rejects.toThrow("the journal is away");
  expect(await ward.run("a")).toMatchObject({ outcome: "done" });
});

test("a suspect finds a ready process, and the first of another death goes before the rest of one", async () => {
  await using ward = aWard(SCRIPTED);
  await ward.started;
  const ended: string[] = [];
  const run = (name: string, diedWith: string) => ward.run(name, diedWith).then(() => ended.push(name));
  await Promise.all([run("a1", "a"), run("a2", "a"), run("b1", "b")]);
  expect(ended).toEqual(["a1", "b1", "a2"]);
});

test.each([
  ["hangs", HUNG, 100],
  // It has time to start on a busy machine, and to say what it lacks.
  ["has no stores", STORELESS, 250],
])("a ward that %s before it is ready is not awaited for long, and given up after a while", async (_, entry, lookEveryMs) => {
  await using ward = aWard(entry, { lookEveryMs });
  const early = ward.run("a");
  await ward.started;
  expect([await early, await ward.run("b")]).toEqual(["away", "away"]);
  await until("its end", async () => ward.said("does not become ready").length > 0);
  expect(ward.said("cannot open").length > 0).toBe(entry === STORELESS);
});

/** A ward whose process does not start at first, and then is another module's. */
async function aWardAtItsSecondTry({ href }: URL): Promise<ReturnType<typeof aWard>> {
  const entry = new URL(STILLBORN);
  const ward = aWard(entry, { awayMs: 1 });
  expect(await ward.run("a")).toBe("away");
  entry.href = href;
  return ward;
}

test("a ward that is tried again holds up no suspect before it is ready", async () => {
  await using ward = await aWardAtItsSecondTry(STORELESS);
  await until("the second try", async () => ward.said("cannot open").length > 0);
  expect(await ward.run("b")).toBe("away");
  expect(ward.said("does not become ready")).toEqual([]);
});

test("a ward that is tried again, and becomes ready, gets the suspects", async () => {
  await using ward = await aWardAtItsSecondTry(SCRIPTED);
  await until("a ready process", async () => (await ward.run("b")) !== "away");
});

test("a ward that ends again and again without running anything is said to, and then not awaited", async () => {
  await using ward = aWard(SHORT_LIVED);
  await until("its absence", async () => ward.said("there is no ward").length > 0);
  expect(ward.said('"exitCode":7,"signal":null,"msg":"the ward\'s process has ended"')).toHaveLength(4);
  expect(await ward.run("a")).toBe("away");
});

test("however many suspects kill the process, none runs in the worker's", async () => {
  await using ward = aWard(SCRIPTED);
  for (let deaths = 0; deaths < 6; deaths += 1) expect(await ward.run("die")).toMatchObject({ outcome: "lost" });
  expect(await ward.run("a")).toMatchObject({ outcome: "done" });
});

test("where the process cannot be started, the ward says that it is away", async () => {
  await using ward = aWard(STILLBORN);
  expect(await ward.run("a")).toBe("away");
  expect(await ward.run("b")).toBe("away");
});
