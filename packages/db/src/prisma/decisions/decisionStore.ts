import { canonicalJson, type Decision, DecisionKind } from "@signalbox/model";
import { z } from "zod";
import { Prisma, type PrismaClient } from "../generated/client.ts";

type DecisionRecord = Prisma.DecisionRowGetPayload<object>;

/** A decision from its row; throws when the row was altered into something invalid. */
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

/** A task's decisions in order, the input of `verifyChain`. */
export async function listDecisions(prisma: PrismaClient, taskId: string): Promise<Decision[]> {
  const rows = await prisma.decisionRow.findMany({ where: { taskId }, orderBy: { seq: "asc" } });
  return rows.map(toDecision);
}

/** The first decisions of a task, up to `rowsMax`; `isTruncated` when there are more, so that their chain cannot be verified to its end. */
export async function listFirstDecisions(
  prisma: PrismaClient,
  taskId: string,
  rowsMax: number,
): Promise<{ decisions: Decision[]; isTruncated: boolean }> {
  const read = await listDecisionsAfter(prisma, taskId, -1, rowsMax + 1);
  return { decisions: read.slice(0, rowsMax), isTruncated: read.length > rowsMax };
}

/** Up to `rowsMax` decisions of a task after the one of `seq`, in order. */
export async function listDecisionsAfter(prisma: PrismaClient, taskId: string, seq: number, rowsMax: number): Promise<Decision[]> {
  const rows = await prisma.decisionRow.findMany({ where: { taskId, seq: { gt: seq } }, orderBy: { seq: "asc" }, take: rowsMax });
  return rows.map(toDecision);
}

/** The decisions of several tasks, in any order. */
export async function listDecisionsOf(prisma: Prisma.TransactionClient, taskIds: readonly string[]): Promise<Decision[]> {
  const rows = await prisma.decisionRow.findMany({ where: { taskId: { in: [...taskIds] } } });
  return rows.map(toDecision);
}

/** The part of a statement that writes those of `decisions` whose task is in the statement's `fence`. */
export function insertDecisions(decisions: readonly Decision[]): Prisma.Sql {
  const column = <Value>(of: (decision: Decision) => Value): Value[] => decisions.map(of);
  return Prisma.sql`decided AS (
    INSERT INTO decision (project, task_id, seq, kind, time, actor_service, actor_version, attempt, trace_id, span_id, chosen, confidence, reason, detail, prev_hash, hash)
    SELECT d.project, d.task_id, d.seq, d.kind, d.time, d.actor_service, d.actor_version, d.attempt, d.trace_id, d.span_id, d.chosen, d.confidence, d.reason, d.detail::json, d.prev_hash, d.hash
    FROM unnest(
      ${column(({ project }) => project)}::text[], ${column(({ taskId }) => taskId)}::uuid[], ${column(({ seq }) => seq)}::integer[],
      ${column(({ kind }) => kind)}::text[], ${column(({ time }) => time)}::timestamptz[], ${column(({ actor }) => actor.service)}::text[],
      ${column(({ actor }) => actor.version)}::text[], ${column(({ attempt }) => attempt)}::integer[], ${column(({ traceId }) => traceId)}::text[],
      ${column(({ spanId }) => spanId)}::text[], ${column(({ chosen }) => chosen)}::text[],
      ${column(({ confidence }) => confidence)}::double precision[], ${column(({ reason }) => reason)}::text[],
      ${column(({ detail }) => canonicalJson(detail))}::text[], ${column(({ prevHash }) => prevHash)}::text[], ${column(({ hash }) => hash)}::text[]
    ) AS d (project, task_id, seq, kind, time, actor_service, actor_version, attempt, trace_id, span_id, chosen, confidence, reason, detail, prev_hash, hash)
    JOIN fence ON fence.id = d.task_id
  )`;
}
