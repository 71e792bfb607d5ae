import { CHAIN_START, type Decision, EMPTY_CHAIN, newId, sealDecision, TaskRequest, traceIdOf, verifyChain } from "@signalbox/model";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestStores, type TestStores } from "../../embedded/index.ts";
import { createPrisma } from "../client.ts";
import type { PrismaClient } from "../generated/client.ts";
import { admitTasks } from "../tasks/admissionStore.ts";
import { openJournalStore } from "../tasks/journalStore.ts";
import { listDecisions } from "./decisionStore.ts";

let stores: TestStores;
let prisma: PrismaClient;

beforeAll(async () => {
  stores = await startTestStores({ only: "postgres" });
  prisma = createPrisma(stores.databaseUrl);
});
afterAll(async () => {
  await prisma.$disconnect();
  await stores[Symbol.asyncDispose]();
});

/** A task with a chain of three decisions. */
async function aTaskWithDecisions(): Promise<{ id: string; decisions: Decision[] }> {
  const id = newId();
  const facts = (chosen: string) => ({
    project: "default",
    taskId: id,
    kind: "planned" as const,
    time: "2026-01-02T03:04:05.678Z",
    actor: { service: "test", version: "1" },
    attempt: 1,
    traceId: traceIdOf(id),
    spanId: null,
    chosen,
    confidence: 0.1 + 0.2,
    reason: "because of Zoë 🚆",
    detail: { z: 1, a: { list: [1.5, null, true, "ü"] }, big: 1e21 },
  });
  const first = sealDecision(EMPTY_CHAIN, facts("first"));
  const second = sealDecision(first, facts("second"));
  const third = sealDecision(second, facts("third"));
  const request = TaskRequest.parse({ id, name: "t", domain: "airline", world: "w", message: "m" });
  await admitTasks(prisma, [
    { id, request, requestHash: "h", traceId: traceIdOf(id), createdAt: new Date(), idempotencyKey: null, routed: first },
  ]);
  const journals = openJournalStore(prisma);
  await journals.claimTask({ taskId: id, worker: "w", version: "1", nowUs: Date.now() * 1_000 });
  const progress = { steps: [], decisions: [second, third], spans: [], ending: null };
  await journals.recordProgress({ taskId: id, attempt: 1, head: first, progress });
  return { id, decisions: [first, second, third] };
}

/** Changes rows with triggers switched off, as somebody with full control of the database can. */
async function tamper(sql: string): Promise<void> {
  await prisma.$transaction([prisma.$executeRawUnsafe("SET LOCAL session_replication_role = replica"), prisma.$executeRawUnsafe(sql)]);
}

test("decisions come back as they were written, and their chain holds", async () => {
  const { id, decisions } = await aTaskWithDecisions();
  expect(await listDecisions(prisma, id)).toEqual(decisions);
  expect(decisions[0]?.prevHash).toBe(CHAIN_START);
  expect(verifyChain(await listDecisions(prisma, id))).toEqual({ kind: "whole" });
});

test.each([
  ["UPDATE", "UPDATE decision SET chosen = 'else'"],
  ["DELETE", "DELETE FROM decision"],
  ["TRUNCATE", "TRUNCATE decision"],
])("the log refuses %s", async (operation, sql) => {
  await aTaskWithDecisions();
  await expect(prisma.$executeRawUnsafe(sql)).rejects.toThrow(`append-only: ${operation} is refused`);
});

test.each([
  ["altered", 1, (id: string) => `UPDATE decision SET reason = 'another' WHERE task_id = '${id}' AND seq = 1`],
  ["moved in time", 1, (id: string) => `UPDATE decision SET time = time + interval '1 ms' WHERE task_id = '${id}' AND seq = 1`],
  ["taken out", 1, (id: string) => `DELETE FROM decision WHERE task_id = '${id}' AND seq = 1`],
])("a decision that was %s behind the log's back is found", async (_name, seq, sql) => {
  const { id } = await aTaskWithDecisions();
  await tamper(sql(id));
  expect(verifyChain(await listDecisions(prisma, id))).toMatchObject({ kind: "broken", seq });
});

test("a head that others have moved on from writes nothing", async () => {
  const { id, decisions } = await aTaskWithDecisions();
  const [first] = decisions;
  if (first === undefined) throw new Error("no decision");
  const late = sealDecision(first, { ...first, chosen: "late" });
  const progress = { steps: [], decisions: [late], spans: [], ending: null };
  const isOurs = await openJournalStore(prisma).recordProgress({ taskId: id, attempt: 1, head: first, progress });
  expect(isOurs).toBe(false);
  expect(await listDecisions(prisma, id)).toHaveLength(3);
});
