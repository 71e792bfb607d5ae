import { type Decision, DecisionKind } from "@signalbox/model";
import { z } from "zod";
import { Prisma, type PrismaClient } from "./generated/client.ts";

type DecisionRecord = Prisma.DecisionRowGetPayload<object>;

/** A decision as it was written; throws when a row was altered into something that is no decision at all. */
function toDecision(row: DecisionRecord): Decision {
  return {
    project: row.project,
    taskId: row.taskId,
    seq: row.seq,
    kind: DecisionKind.parse(row.kind),
    time: row.time.toISOString(),
    actor: { service: row.actorService, version: row.actorVersion },
    attempt: row.attempt,
    traceId: row.traceId,
    spanId: row.spanId,
    chosen: row.chosen,
    confidence: row.confidence,
    reason: row.reason,
    detail: z.record(z.string(), z.unknown()).parse(row.detail),
    prevHash: row.prevHash,
    hash: row.hash,
  };
}

/** A task's decisions in order: what `verifyChain` reads. */
export async function listDecisions(prisma: PrismaClient, taskId: string): Promise<Decision[]> {
  const rows = await prisma.decisionRow.findMany({ where: { taskId }, orderBy: { seq: "asc" } });
  return rows.map(toDecision);
}

/** The decisions of several tasks, in no order. */
export async function listDecisionsOf(prisma: PrismaClient, taskIds: readonly string[]): Promise<Decision[]> {
  const rows = await prisma.decisionRow.findMany({ where: { taskId: { in: [...taskIds] } } });
  return rows.map(toDecision);
}

/** Part of a statement: writes those of `decisions` whose task the statement's `fence` has a row of. */
export function insertDecisions(decisions: readonly Decision[]): Prisma.Sql {
  const rows = decisions.map(({ actor, ...decision }) => ({ ...decision, actor_service: actor.service, actor_version: actor.version }));
  return Prisma.sql`decided AS (
    INSERT INTO decision (project, task_id, seq, kind, time, actor_service, actor_version, attempt, trace_id, span_id, chosen, confidence, reason, detail, prev_hash, hash)
    SELECT d.project, d."taskId", d.seq, d.kind, d.time, d.actor_service, d.actor_version, d.attempt, d."traceId", d."spanId", d.chosen, d.confidence, d.reason, d.detail, d."prevHash", d.hash
    FROM fence JOIN json_to_recordset(${JSON.stringify(rows)}::json) AS d(
      project text, "taskId" uuid, seq integer, kind text, time timestamptz, actor_service text, actor_version text, attempt integer, "traceId" text, "spanId" text,
      chosen text, confidence double precision, reason text, detail json, "prevHash" text, hash text) ON d."taskId" = fence.id
  )`;
}
