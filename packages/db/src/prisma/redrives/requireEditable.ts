import { AppError, TaskRequest } from "@signalbox/model";
import type { Prisma } from "../generated/client.ts";

/**
 * The calls of a task that changed something: those in our own stores by the documents
 * they wrote, external ones by having no position among their scene's calls.
 */
async function changesOf(transaction: Prisma.TransactionClient, taskId: string): Promise<string[]> {
  const [row] = await transaction.$queryRaw<{ documents: boolean; outside: string[] }[]>`
    SELECT EXISTS (SELECT 1 FROM world_document WHERE world = task.world AND overlay = task.id::text)
        OR EXISTS (SELECT 1 FROM airline_reservation WHERE world = task.world AND overlay = task.id::text)
        OR EXISTS (SELECT 1 FROM airline_user WHERE world = task.world AND overlay = task.id::text)
        OR EXISTS (SELECT 1 FROM airline_flight WHERE world = task.world AND overlay = task.id::text) AS documents,
      ARRAY(SELECT call ->> 'name' FROM tool_effect WHERE world = task.world AND overlay = task.id::text AND position IS NULL ORDER BY 1) AS outside
    FROM task WHERE id = ${taskId}::uuid`;
  if (row === undefined) return [];
  if (!row.documents) return row.outside;
  const called = await transaction.$queryRaw<{ tool: string }[]>`
    SELECT call ->> 'name' AS tool FROM task JOIN tool_effect ON tool_effect.world = task.world AND overlay = task.id::text
    WHERE task.id = ${taskId}::uuid ORDER BY position NULLS LAST`;
  return called.map(({ tool }) => tool);
}

/**
 * Fields that determine a task's owner and world: erasures find it by them, and its effects are recorded under them. The version
 * that runs it again is the redrive's.
 */
const LASTING = ["project", "session", "user", "domain", "world", "version"] as const;

/**
 * Throws unless a task's request may be replaced by `payload`: `invalid_input` naming the field that must stay, `conflict` when its tools
 * have already changed something: with another request the agent would take another path, and nobody could tell which calls are the same.
 */
export async function requireEditable(transaction: Prisma.TransactionClient, taskId: string | null, payload: TaskRequest): Promise<void> {
  if (taskId === null)
    throw new AppError("invalid_input", "payload: it is telemetry that came as it is, and has no request to edit.", {
      hint: "Redrive it as it is, or discard it.",
    });
  const { project, session, userId, world, request } = await transaction.task.findUniqueOrThrow({ where: { id: taskId } });
  const { domain, version = null } = TaskRequest.parse(request);
  const original = { project, session, user: userId, domain, world, version };
  if (payload.id !== undefined && payload.id !== taskId)
    throw new AppError("invalid_input", `payload.id: it is ${taskId} and stays so.`, { hint: "Leave the id as it is." });
  for (const field of LASTING)
    if ((payload[field] ?? null) !== original[field])
      throw new AppError("invalid_input", `payload.${field}: it is ${original[field] ?? "not set"} and stays so.`, {
        hint: `Leave the ${field} as it is${field === "version" ? ": the redrive says which version runs it" : ""}.`,
      });
  const changes = await changesOf(transaction, taskId);
  if (changes.length === 0) return;
  throw new AppError("conflict", `This task's request cannot be edited: it has called ${[...new Set(changes)].join(", ")} already.`, {
    hint: "Redrive it as it is (what it did is not done again), or discard it and send a new task.",
  });
}
