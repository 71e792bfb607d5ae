import { pino } from "pino";
import { expect, test } from "vitest";
import { openWard, type Ward } from "./ward.ts";

const LOG = pino({ level: "silent" });

const SCRIPTED = new URL("__fixtures__/scriptedWard.ts", import.meta.url);
const STILLBORN = new URL("__fixtures__/stillbornWard.ts", import.meta.url);

function aWard(entry: URL, suspectsMax = 4): Ward & AsyncDisposable {
  // Started by its first suspect, and by nothing else.
  const ward = openWard(LOG, suspectsMax, { entry, warmAfterMs: 3_600_000 });
  return { ...ward, [Symbol.asyncDispose]: ward.close };
}

async function pidOf(ward: Ward): Promise<number> {
  const run = await ward.run("be there");
  if (typeof run === "string") throw new Error(`the ward is ${run}`);
  return Number(run.project);
}

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

test("so many suspects are in the ward and no more, and each that ends makes room", async () => {
  await using ward = aWard(SCRIPTED, 2);
  const runs = await Promise.all(["a", "b", "c", "d"].map((name) => ward.run(name)));
  expect(runs.map((run) => (typeof run === "string" ? run : run.outcome))).toEqual(["done", "done", "full", "full"]);
  expect(await ward.run("e")).toMatchObject({ outcome: "done" });
});

test("who waits for its turn when the worker leaves is put off, for another worker to run", async () => {
  await using ward = aWard(SCRIPTED);
  const runs = [ward.run("a"), ward.run("b")];
  await Promise.resolve();
  ward.leave();
  expect(await Promise.all(runs)).toEqual([expect.objectContaining({ outcome: "done" }), "full"]);
});

test("a run that could not be written down is no end of its task, and of no other", async () => {
  await using ward = aWard(SCRIPTED);
  await expect(ward.run("fail")).rejects.toThrow("the journal is away");
  expect(await ward.run("a")).toMatchObject({ outcome: "done" });
});

test("a ward that has not what it needs is away", async () => {
  await using ward = aWard(SCRIPTED);
  expect(await ward.run("unable")).toBe("away");
  expect(await ward.run("a")).toBe("away");
});

test("where the process cannot be started, the ward says that it is away", async () => {
  await using ward = aWard(STILLBORN);
  expect(await ward.run("a")).toBe("away");
  expect(await ward.run("b")).toBe("away");
});
