import { createHash } from "node:crypto";
import { type Admission, admitTask, type PrismaClient } from "@signalbox/db/prisma";
import { AppError, canonicalJson, EMPTY_CHAIN, newId, spanIdOf, type TaskRequest, traceIdOf } from "@signalbox/model";
import { type Clock, dateOfUs } from "../clock.ts";
import { routed } from "../decisions/choices.ts";
import { decideNext } from "../decisions/decide.ts";

/** A text that PostgreSQL cannot hold or UTF-8 cannot say. */
function isUnstorable(text: string): boolean {
  return text.includes("\u0000") || !text.isWellFormed();
}

/** Where in a JSON value there is a text that could not be stored as it is; null when there is none. */
function unstorablePlace(value: unknown, place: string): string | null {
  if (typeof value === "string") return isUnstorable(value) ? place : null;
  if (value === null || typeof value !== "object") return null;
  for (const [key, member] of Object.entries(value)) {
    const found = isUnstorable(key) ? place : unstorablePlace(member, `${place}.${key}`);
    if (found !== null) return found;
  }
  return null;
}

/**
 * Admits a request as a task, with the decision that routes it. Asked again with the same id and content, it finds the task that is
 * there; other content is a `conflict`.
 */
export async function admit(prisma: PrismaClient, clock: Clock, asked: TaskRequest): Promise<Admission> {
  const unstorable = unstorablePlace(asked, "request");
  if (unstorable !== null) throw new AppError("invalid_input", `${unstorable} holds a NUL character or half a surrogate pair.`);

  const { id = newId(), ...content } = asked;
  const request: TaskRequest = { id, ...content };
  const requestHash = createHash("sha256").update(canonicalJson(content)).digest("hex");
  const nowUs = clock.nowUs();
  const traceId = traceIdOf(id);
  const occasion = { project: request.project, taskId: id, traceId, attempt: 1, spanId: spanIdOf(id, 0), nowUs };
  const decision = decideNext(EMPTY_CHAIN, occasion, routed(request));
  return admitTask(prisma, { id, request, requestHash, traceId, createdAt: dateOfUs(nowUs) }, decision);
}
