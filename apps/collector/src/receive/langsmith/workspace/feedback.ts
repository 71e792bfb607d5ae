import { setTimeout as delay } from "node:timers/promises";
import type { Feedback, FeedbackQuery } from "@signalbox/db/clickhouse";
import { AppError, issuesText } from "@signalbox/model";
import { z } from "zod";
import { parseJson } from "../../../decode/index.ts";
import type { Handler, WorkspaceRequest } from "./jsonRoute.ts";
import type { Workspace } from "./workspaceObjects.ts";

const LIST_MAX = 1_000;

const Asked = z.object({
  run: z.array(z.uuid().toLowerCase()).max(LIST_MAX),
  key: z.array(z.string().max(1_000)).max(LIST_MAX),
  source: z.array(z.string().max(100)).max(LIST_MAX),
  limit: z.coerce.number().int().min(1).max(LIST_MAX),
  offset: z.coerce.number().int().nonnegative().max(4_000_000_000),
});

/** How long a request waits for feedback that was acknowledged and is not written yet: a client may change what it has just sent. */
const ARRIVES_WITHIN_MS = 10_000;
const LOOK_AGAIN_MS = 100;

/** Lists feedback, the newest first. What else than runs, keys and sources narrows a list is refused. */
export function listFeedback({ feedback }: Workspace): Handler {
  return async ({ project, query }) => {
    const unknown = [...query.keys()].find((key) => !(key in Asked.shape));
    if (unknown !== undefined) throw new AppError("invalid_input", `a list of feedback cannot be narrowed by ${unknown} here`);
    const lists = { run: query.getAll("run"), key: query.getAll("key"), source: query.getAll("source") };
    const parsed = Asked.safeParse({ ...lists, limit: query.get("limit") ?? 100, offset: query.get("offset") ?? 0 });
    if (!parsed.success) throw new AppError("invalid_input", issuesText(parsed.error));
    const { run, key, source, ...paging } = parsed.data;
    return (await feedback.list({ project, ids: [], runIds: run, keys: key, sources: source, ...paging })).map(answerOf);
  };
}

export function readFeedback(workspace: Workspace): Handler {
  return async (request) => answerOf(await feedbackAt(request, workspace));
}

/** The feedback of a request's path. Throws `not_found`. */
async function feedbackAt({ project, id }: WorkspaceRequest, { feedback, hasUnwritten, clock }: Workspace): Promise<Feedback> {
  const none = { runIds: [], keys: [], sources: [] };
  const query: FeedbackQuery = { project, ids: [id.toLowerCase()], ...none, limit: 1, offset: 0 };
  for (const endMs = clock() + ARRIVES_WITHIN_MS; ; await delay(LOOK_AGAIN_MS)) {
    const mayArrive = hasUnwritten() && clock() < endMs;
    const [found] = await feedback.list(query);
    if (found !== undefined) return found;
    if (!mayArrive) throw new AppError("not_found", `there is no feedback ${id}`);
  }
}

const Changes = z.object({
  score: z.union([z.number(), z.boolean()]).nullish(),
  value: z.unknown().optional(),
  correction: z.unknown().optional(),
  comment: z.string().nullish(),
});

/**
 * Changes feedback: what is told takes the place of what was, and null clears it. It is sent once more, and stored as if its client had
 * done so.
 */
export function changeFeedback(workspace: Workspace): Handler {
  return async (request) => {
    const parsed = Changes.safeParse(parseJson(request.body));
    if (!parsed.success) throw new AppError("invalid_input", issuesText(parsed.error));
    const { project } = request;
    const before = await feedbackAt(request, workspace);
    const { run_id, trace_id, session_id, created_at: _, ...rest } = answerOf(before);
    const told = Object.entries(parsed.data).filter(([, value]) => value !== undefined);
    const at = new Date(Math.max(workspace.clock(), Date.parse(before.time) + 1)).toISOString();
    const after = {
      ...{ ...rest, ...Object.fromEntries(told), modified_at: at },
      ...(run_id === null ? {} : { run_id }),
      ...(trace_id === null ? {} : { trace_id }),
      ...(session_id === null ? {} : { session_id }),
    };
    await workspace.sendFeedback(project, after);
    const hasNumber = after.score != null || typeof after.value === "number";
    // A version that is kept elsewhere does not take the place of this one.
    if (hasNumber !== (before.score !== null)) await workspace.feedback.remove(project, before);
    return after;
  };
}

export function deleteFeedback(workspace: Workspace): Handler {
  return async (request) => {
    await workspace.feedback.remove(request.project, await feedbackAt(request, workspace));
    return { message: "the feedback is deleted" };
  };
}

/** A value as it was told: a list or an object is kept as its JSON. */
function valueIn(text: string): unknown {
  if (text === "") return null;
  if (!/^[[{]/.test(text)) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

const uuidOf = (digits: string): string => digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");

function answerOf({ id, runId, traceId, sessionId, key, score, value, comment, scorer, time }: Feedback) {
  const [type = "", user = ""] = scorer === "langsmith" ? [] : scorer.split(/ (.*)/s);
  return {
    ...{ id, key, score, value: valueIn(value), comment: comment === "" ? null : comment, correction: null },
    ...{ run_id: runId === "" ? null : runId, trace_id: traceId === "" ? null : uuidOf(traceId) },
    ...{ session_id: sessionId === "" ? null : sessionId, created_at: time, modified_at: time },
    feedback_source: { ...(type === "" ? {} : { type }), ...(user === "" ? {} : { user_id: user }), metadata: {} },
  };
}
