import {
  type ChainHead,
  type Decision,
  type DecisionKind,
  EMPTY_CHAIN,
  newId,
  sealDecision,
  type TaskLetter,
  TaskRequest,
  traceIdOf,
} from "@signalbox/model";
import type { PrismaClient } from "../prisma/index.ts";
import { storeDecisionRows } from "./storeTask.ts";

const FAILED_AT = "2026-11-23T12:00:00.000Z";

/** A dead letter of a new task; the argument overrides fields. */
export function aDeadLetter(given: Partial<TaskLetter> = {}): TaskLetter {
  const taskId = given.taskId ?? newId();
  const project = given.project ?? "default";
  const { lastFailedAt = FAILED_AT, message = "No flight HAT001 on that day.", versions = ["1.0.0"] } = given;
  const version = versions[0] ?? "1.0.0";
  const error = { class: "not_found", message };
  return {
    id: newId(),
    run: 1,
    kind: "task",
    cause: "attempts_exhausted",
    ...{ service: "signalbox-tools", tool: "book_reservation", errorClass: error.class, errorChain: [], frame: null },
    fingerprint: "0123456789abcdef",
    payload: TaskRequest.parse({
      id: taskId,
      project,
      name: "book a flight",
      domain: "airline",
      world: "tau",
      message: "Book me a flight.",
    }),
    attempts: [
      {
        ...{ attempt: 1, worker: "worker-1", version, startedAt: lastFailedAt, endedAt: lastFailedAt, outcome: "failed", error },
        ...{ isAlone: false, backoffMs: null },
      },
    ],
    decisionHead: { seq: 1, hash: "0".repeat(64) },
    traceId: traceIdOf(taskId),
    firstFailedAt: lastFailedAt,
    ...given,
    ...{ taskId, project, message, versions, lastFailedAt },
  };
}

function chainOf({ project, taskId, traceId, cause, message, lastFailedAt, versions }: TaskLetter): Decision[] {
  const actor = { service: "signalbox-agent-runtime", version: versions[0] ?? "1.0.0" };
  const seal = (head: ChainHead, kind: DecisionKind, chosen: string, reason: string): Decision =>
    sealDecision(head, {
      ...{ project, taskId, kind, time: lastFailedAt, actor, attempt: 1, traceId, spanId: null, chosen },
      ...{ confidence: null, reason, detail: {} },
    });
  const routed = seal(EMPTY_CHAIN, "routed", "rules", "the task asks for them");
  return [routed, seal(routed, "dead_lettered", cause, message)];
}

/** Stores dead letters and their dead tasks, each with a short valid log of decisions. Letters of one task are its runs. */
export async function storeDeadLetters(prisma: PrismaClient, letters: readonly TaskLetter[]): Promise<void> {
  const tasks = [...Map.groupBy(letters, ({ taskId }) => taskId).values()].flatMap((ofTask) => ofTask.at(-1) ?? []);
  await prisma.task.createMany({
    data: tasks.map((letter) => {
      const head = chainOf(letter).at(-1) ?? EMPTY_CHAIN;
      const { taskId: id, project, payload, run, traceId, message, lastFailedAt, attempts } = letter;
      const request = {
        requestHash: "h",
        hasExpectation: false,
        request: payload as object,
        name: payload.name,
        world: payload.world,
        tags: payload.tags,
      };
      const chain = { traceId, headSeq: head.seq, headHash: head.hash };
      const end = { error: message, createdAt: new Date(lastFailedAt), finishedUs: BigInt(Date.parse(lastFailedAt)) * 1_000n };
      return { id, project, status: "dead", run, attempts: attempts.length, ...request, ...chain, ...end };
    }),
    skipDuplicates: true,
  });
  await storeDecisionRows(prisma, tasks.flatMap(chainOf));
  await prisma.deadLetter.createMany({
    data: letters.map(({ decisionHead, payload, ...letter }) => ({
      ...letter,
      payload: payload as object,
      decisionSeq: decisionHead.seq,
      decisionHash: decisionHead.hash,
    })),
  });
}
