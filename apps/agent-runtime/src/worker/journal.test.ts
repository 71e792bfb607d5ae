import type { Claim, JournalStore, ProgressWrite } from "@signalbox/db/prisma";
import { EMPTY_CHAIN, newId, TaskRequest, traceIdOf, verifyChain } from "@signalbox/model";
import { expect, test } from "vitest";
import { retried } from "../decisions/choices.ts";
import { openJournal, TaskTakenOver } from "./journal.ts";

const CLOCK = { nowUs: () => 1_795_435_200_000_000 };
const ERROR = { class: "timed_out", message: "It took too long." };

function aClaim() {
  const id = newId();
  const request = TaskRequest.parse({ id, name: "t", domain: "airline", world: "w", message: "m" });
  const task = { id, request, traceId: traceIdOf(id), attempts: 1, run: 1, head: EMPTY_CHAIN };
  return {
    kind: "claimed",
    task,
    version: "1",
    steps: [],
    unreadable: null,
    failures: 0,
    deaths: { all: 0, alone: 0, latestMsAgo: null },
  } as unknown as Extract<Claim, { kind: "claimed" }>;
}

/** Resolves once everything that needs no outside event has happened. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A journal whose store answers each write when, and as, the test says. */
function aSlowJournal() {
  const writes: (ProgressWrite & PromiseWithResolvers<boolean>)[] = [];
  const recordProgress = (write: ProgressWrite): Promise<boolean> => {
    const answer = Promise.withResolvers<boolean>();
    writes.push({ ...structuredClone(write), ...answer });
    return answer.promise;
  };
  const journal = openJournal({ recordProgress } as unknown as JournalStore, CLOCK, aClaim());
  const think = (): void => {
    const stage = { kind: "understand" as const, input: { message: "m" }, output: {} as never };
    journal.append({ stage, startedUs: 0, modelUse: null, choices: [retried(9, 1)] });
  };
  const end = () => journal.end([retried(2, 10)], () => ({ kind: "retry", error: ERROR, failedUs: 0, backoffMs: 10 }));
  const finish = () => journal.end([retried(7, 1)], () => ({ kind: "done", result: {} as never, finishedUs: 0 }));
  return { journal, writes, think, end, finish };
}

test("an attempt that times out during a write ends after that write", async () => {
  const { journal, writes, think, end } = aSlowJournal();
  think();
  const commit = journal.commit();
  const ended = end();
  await settled();
  expect(writes).toHaveLength(1);
  writes[0]?.resolve(true);
  await commit;
  await settled();
  writes[1]?.resolve(true);
  await ended;
  expect(writes.map(({ progress }) => progress.ending?.kind)).toEqual([undefined, "retry"]);
  expect(writes[1]?.head).toEqual(writes[0]?.progress.decisions.at(-1));
  expect(verifyChain(writes.flatMap(({ progress }) => [...progress.decisions])).kind).not.toBe("broken");
});

test("entries whose write failed are written with the ending", async () => {
  const { journal, writes, think, end } = aSlowJournal();
  think();
  const commit = journal.commit();
  const ended = end();
  await settled();
  writes[0]?.reject(new Error("away"));
  await expect(commit).rejects.toThrow("away");
  await settled();
  writes[1]?.resolve(true);
  await ended;
  expect(writes[1]?.progress).toMatchObject({ steps: [{ step: 1 }], ending: { kind: "retry" } });
  expect(writes[1]?.progress.decisions).toHaveLength(2);
});

test("late work of an attempt that has ended is refused", async () => {
  const { journal, writes, think, end } = aSlowJournal();
  const ended = end();
  expect(think).toThrow(TaskTakenOver);
  await expect(journal.commit()).rejects.toThrow(TaskTakenOver);
  await settled();
  writes[0]?.resolve(true);
  await ended;
  expect(writes[0]?.progress.steps).toEqual([]);
});

test("work that ends while its failure is being written leaves nothing behind it", async () => {
  const { writes, end, finish } = aSlowJournal();
  const failing = end();
  const late = finish();
  late.catch(() => {});
  await settled();
  writes[0]?.resolve(true);
  await failing;
  await expect(late).rejects.toThrow(TaskTakenOver);
  expect(writes.map(({ progress }) => [progress.ending?.kind, progress.decisions.length])).toEqual([["retry", 1]]);
});

test("an attempt whose end could not be written fails, and its record has the failure alone", async () => {
  const { writes, end, finish } = aSlowJournal();
  const finishing = finish();
  const failing = end();
  finishing.catch(() => {});
  await settled();
  expect(writes).toHaveLength(1);
  writes[0]?.reject(new Error("away"));
  await expect(finishing).rejects.toThrow("away");
  await settled();
  writes[1]?.resolve(true);
  await failing;
  expect(writes[1]?.progress).toMatchObject({ ending: { kind: "retry" }, spans: [] });
  expect(writes[1]?.progress.decisions.map(({ seq }) => seq)).toEqual([0]);
});

test("an attempt that ended in time has not failed, though its time was over while that was written", async () => {
  const { writes, end, finish } = aSlowJournal();
  const finishing = finish();
  const failing = end();
  failing.catch(() => {});
  await settled();
  writes[0]?.resolve(true);
  await finishing;
  await expect(failing).rejects.toThrow(TaskTakenOver);
  expect(writes).toHaveLength(1);
});
