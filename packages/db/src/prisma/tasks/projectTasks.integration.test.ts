import { EMPTY_CHAIN, newId, sealDecision, TaskRequest, traceIdOf, WORKER_GONE_AFTER_MS } from "@signalbox/model";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestStores, type TestStores } from "../../embedded/index.ts";
import { createPrisma } from "../client.ts";
import type { PrismaClient } from "../generated/client.ts";
import { admitTasks } from "./admissionStore.ts";
import { loseAttempts } from "./attemptStore.ts";
import { claimTasks } from "./claimStore.ts";
import { openJournalStore } from "./journalStore.ts";
import { countAtWork, listNextTasks } from "./projectTasks.ts";
import { listUnfinishedTasks } from "./taskStore.ts";

const BUILD = "b";

let stores: TestStores;
let prisma: PrismaClient;

beforeAll(async () => {
  stores = await startTestStores({ only: "postgres" });
  prisma = createPrisma(stores.databaseUrl);
});
afterAll(async () => {
  await prisma?.$disconnect();
  await stores?.[Symbol.asyncDispose]();
});

let admitted = 0;

/** Admits a task after all that were before; of a `version` where one is named. */
async function anAdmittedTask(project: string, version?: string): Promise<string> {
  const id = newId();
  const request = TaskRequest.parse({ id, name: "t", project, domain: "airline", world: "w", message: "m" });
  admitted += 1;
  const createdAt = new Date(Date.now() - 60_000 + admitted);
  const routed = sealDecision(EMPTY_CHAIN, {
    ...{ project, taskId: id, kind: "routed" as const, time: "2026-01-02T03:04:05.678Z", attempt: 1, traceId: traceIdOf(id) },
    ...{ spanId: null, actor: { service: "test", version: "1" }, chosen: "first", confidence: null, reason: "", detail: {} },
  });
  await admitTasks(prisma, [{ id, request, requestHash: "h", traceId: traceIdOf(id), createdAt, idempotencyKey: null, routed }]);
  if (version !== undefined) await prisma.task.update({ where: { id }, data: { version } });
  return id;
}

async function aVersion(name: string, build: string, seenAt: Date): Promise<void> {
  const hash = name.replaceAll(".", "").padEnd(64, "0");
  await prisma.agentVersionRow.create({ data: { name, hash, build, manifest: {}, registeredAt: seenAt, seenAt } });
}

function claim(runningMax: number, taskId: string, { isAlone = false } = {}) {
  const journals = openJournalStore(prisma, { runningMax });
  return journals.claimTask({ taskId, worker: "w", version: "1", build: BUILD, nowUs: Date.now() * 1_000, isAlone });
}

const fail = async (id: string, failedMs: number, backoffMs: number): Promise<void> => {
  const { headSeq: seq, headHash: hash } = await prisma.task.findUniqueOrThrow({ where: { id } });
  const ending = { kind: "retry" as const, error: { class: "e", message: "m" }, failedUs: failedMs * 1_000, backoffMs };
  const progress = { steps: [], decisions: [], spans: [], ending };
  expect(await openJournalStore(prisma).recordProgress({ taskId: id, attempt: 1, head: { seq, hash }, progress })).toBe(true);
};

const nextOf = async (project: string, runningMax: number) => {
  const { tasks, isMore } = await listNextTasks(prisma, { project, runningMax });
  return { ids: tasks.map(({ id }) => id), isMore };
};

test("a task that failed just now is not next of its project until it may be tried again", async () => {
  const [failed, other] = [await anAdmittedTask("resting"), await anAdmittedTask("resting")];
  expect((await claim(1, failed)).kind).toBe("claimed");
  await fail(failed, Date.now(), 60_000);
  expect(await nextOf("resting", 1)).toEqual({ ids: [other], isMore: false });

  const rested = { endedAt: new Date(Date.now() - 60_001) };
  await prisma.attempt.update({ where: { taskId_attempt: { taskId: failed, attempt: 1 } }, data: rested });
  expect(await nextOf("resting", 1)).toEqual({ ids: [failed], isMore: true });
});

test("a suspect makes no room to be alone while its project has none, and is the next to start", async () => {
  const [waiting, suspect, busy] = [await anAdmittedTask("died"), await anAdmittedTask("died"), await anAdmittedTask("died")];
  expect((await claim(1, suspect)).kind).toBe("claimed");
  await loseAttempts(prisma, suspect);
  expect((await claim(1, busy)).kind).toBe("claimed");
  expect(await claim(1, suspect)).toEqual({ kind: "held", project: "died" });
  const page = { admittedBefore: new Date(), build: BUILD, cursor: null, rowsMax: 100 };
  expect((await listUnfinishedTasks(prisma, { ...page, heldProjects: ["died"] })).map(({ id }) => id)).not.toContain(suspect);

  await fail(busy, Date.now(), 60_000);
  expect(await nextOf("died", 1)).toEqual({ ids: [suspect], isMore: true });
  expect(await nextOf("died", 2)).toEqual({ ids: [suspect, waiting], isMore: false });
  expect((await claim(1, suspect)).kind).toBe("suspect");
  expect((await claim(1, suspect, { isAlone: true })).kind).toBe("claimed");
});

test("a suspect whose worker is heard of no more gives its own place back", async () => {
  const suspect = await anAdmittedTask("alone");
  expect((await claim(1, suspect)).kind).toBe("claimed");
  expect((await claim(1, await anAdmittedTask("beside"))).kind).toBe("claimed");
  expect(await countAtWork(prisma, "alone")).toBe(1);
  const ofAll = await countAtWork(prisma);
  expect((await claim(1, suspect)).kind).toBe("suspect");
  expect(await countAtWork(prisma, "alone")).toBe(0);
  expect(await countAtWork(prisma)).toBe(ofAll - 1);
});

test("tasks of every build are next as they came, and none of a build of which no worker is there", async () => {
  await aVersion("1.0.0", "here", new Date());
  await aVersion("1.1.0", "there", new Date());
  await aVersion("0.9.0", "gone", new Date(Date.now() - WORKER_GONE_AFTER_MS - 1_000));
  const gone = await anAdmittedTask("builds", "0.9.0");
  const [there, here, any] = [
    await anAdmittedTask("builds", "1.1.0"),
    await anAdmittedTask("builds", "1.0.0"),
    await anAdmittedTask("builds"),
  ];
  const lane = "interactive";
  expect(await listNextTasks(prisma, { project: "builds", runningMax: 2 })).toEqual({
    tasks: [
      { id: there, lane, build: "there" },
      { id: here, lane, build: "here" },
    ],
    isMore: true,
  });
  expect(await nextOf("builds", 4)).toEqual({ ids: [there, here, any], isMore: false });
  await prisma.agentVersionRow.update({ where: { name: "0.9.0" }, data: { seenAt: new Date() } });
  expect(await nextOf("builds", 1)).toEqual({ ids: [gone], isMore: true });
});

test("a task whose build has no worker any more takes no place, though nobody says that it is lost", async () => {
  await aVersion("2.0.0", BUILD, new Date());
  const [left, other] = [await anAdmittedTask("left", "2.0.0"), await anAdmittedTask("left")];
  expect((await claim(1, left)).kind).toBe("claimed");
  expect(await nextOf("left", 1)).toEqual({ ids: [], isMore: true });
  await prisma.agentVersionRow.update({ where: { name: "2.0.0" }, data: { seenAt: new Date(Date.now() - WORKER_GONE_AFTER_MS - 1_000) } });
  expect(await nextOf("left", 1)).toEqual({ ids: [other], isMore: false });
  expect(await countAtWork(prisma, "left")).toBe(0);
  expect((await claim(1, other)).kind).toBe("claimed");
});

test("a claim under a limit is ended by the server when its client goes silent, and waits for others no longer than so long", async () => {
  let said: object[] = [];
  const watched = Object.create(prisma, {
    $transaction: {
      value: (work: (transaction: object) => Promise<unknown>) =>
        prisma.$transaction(async (transaction) => {
          const done = await work(transaction);
          said = await transaction.$queryRaw`
            SELECT current_setting('idle_in_transaction_session_timeout') AS silent, current_setting('lock_timeout') AS waits`;
          return done;
        }),
    },
  }) as PrismaClient;
  const taskId = await anAdmittedTask("silent");
  const [row] = await claimTasks(watched, [{ taskId, worker: "w", version: "1", nowUs: Date.now() * 1_000 }], 1);
  expect(row?.id).toBe(taskId);
  expect(said).toEqual([{ silent: "5s", waits: "10s" }]);
  expect(await prisma.$queryRaw`SELECT current_setting('lock_timeout') AS waits`).toEqual([{ waits: "0" }]);
});
