import { createHash } from "node:crypto";
import { type Admission, admitTask, type PrismaClient } from "@signalbox/db/prisma";
import { AppError, canonicalJson, EMPTY_CHAIN, newId, spanIdOf, type TaskRequest, traceIdOf } from "@signalbox/model";
import { type Clock, dateOfUs } from "../clock.ts";
import { routed } from "../decisions/choices.ts";
import { decideNext } from "../decisions/decide.ts";
import { requireDomain } from "../domains/domains.ts";

/** A text that PostgreSQL cannot hold or UTF-8 cannot say. */
function isUnstorable(text: string): boolean {
  return text.includes("\u0000") || !text.isWellFormed();
}

/** Deeper than this no request of a person or program goes; what reads it later calls itself once per level. */
const DEPTH_MAX = 100;

/** Why a JSON value could not be stored as it is; null when it could. */
function whyUnstorable(value: unknown, place: string, depth = 0): string | null {
  const unstorable = `${place} holds a NUL character or half a surrogate pair.`;
  if (typeof value === "string") return isUnstorable(value) ? unstorable : null;
  if (value === null || typeof value !== "object") return null;
  if (depth === DEPTH_MAX) return `The request holds values that are nested deeper than ${DEPTH_MAX} levels.`;
  for (const [key, member] of Object.entries(value)) {
    const why = isUnstorable(key) ? unstorable : whyUnstorable(member, `${place}.${key}`, depth + 1);
    if (why !== null) return why;
  }
  return null;
}

/**
 * Admits a request as a task, with the decision that routes it. Asked again with the same id and content, it finds the task that is
 * there; other content is a `conflict`. A domain that is not there is `invalid_input`.
 */
export async function admit(prisma: PrismaClient, clock: Clock, asked: TaskRequest): Promise<Admission> {
  requireDomain(asked.domain);
  const why = whyUnstorable(asked, "request");
  if (why !== null) throw new AppError("invalid_input", why);

  const { id = newId(), ...content } = asked;
  const request: TaskRequest = { id, ...content };
  const requestHash = createHash("sha256").update(canonicalJson(content)).digest("hex");
  const nowUs = clock.nowUs();
  const traceId = traceIdOf(id);
  const occasion = { project: request.project, taskId: id, traceId, attempt: 1, spanId: spanIdOf(id, 0), nowUs };
  const decision = decideNext(EMPTY_CHAIN, occasion, routed(request));
  return admitTask(prisma, { id, request, requestHash, traceId, createdAt: dateOfUs(nowUs) }, decision);
}
