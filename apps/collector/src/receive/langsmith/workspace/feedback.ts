import { setTimeout as delay } from "node:timers/promises";
import type { Feedback, FeedbackQuery } from "@signalbox/db/clickhouse";
import { AppError, issuesText } from "@signalbox/model";
import { z } from "zod";
import { parseJson } from "../../../decode/index.ts";
import type { Handler, WorkspaceRequest } from "./jsonRoute.ts";
import { sessionIdOfRun } from "./runs.ts";
import type { Workspace } from "./workspaceObjects.ts";

const LIST_MAX = 1_000;

const Asked = z.object({
  run: z.array(z.uuid().toLowerCase()).max(LIST_MAX),
  key: z.array(z.string().max(1_000)).max(LIST_MAX),
  source: z.array(z.string().max(100)).max(LIST_MAX),
  limit: z.coerce.number().int().min(1).max(LIST_MAX),
  offset: z.coerce.number().int().nonnegative().max(4_000_000_000),
});

/** How long a request waits until what was acknowledged is written. */
const STORED_WITHIN_MS = 10_000;
const LOOK_AGAIN_MS = 20;

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

/** Reads feedback, also what was acknowledged a moment before. */
export function readFeedback(workspace: Workspace): Handler {
  return async (request) => {
    const found = await stored(request, workspace);
    if (found !== undefined) return answerOf(found);
    await untilStored(workspace);
    return answerOf(await mustBeStored(request, workspace));
  };
}

/** The feedback of a request's path, as the store has it. */
async function stored({ project, id }: WorkspaceRequest, { feedback }: Workspace): Promise<Feedback | undefined> {
  const none = { runIds: [], keys: [], sources: [] };
  const query: FeedbackQuery = { project, ids: [id.toLowerCase()], ...none, limit: 1, offset: 0 };
  return (await feedback.list(query))[0];
}

async function mustBeStored(request: WorkspaceRequest, workspace: Workspace): Promise<Feedback> {
  const found = await stored(request, workspace);
  if (found === undefined) throw new AppError("not_found", `there is no feedback ${request.id}`);
  return found;
}

/** Waits until everything is stored that was acknowledged before. Throws `upstream_unavailable` where that takes too long. */
async function untilStored({ oldestUnwrittenMs, clock }: Workspace): Promise<void> {
  // Times of receipt are finer than the clock: what came in the same millisecond may be from before.
  for (const since = clock(); Math.floor(oldestUnwrittenMs() ?? Infinity) <= since; await delay(LOOK_AGAIN_MS)) {
    if (clock() - since > STORED_WITHIN_MS)
      throw new AppError("upstream_unavailable", "what was sent before is not in the store yet; try again in a moment");
  }
}

/**
 * The latest version of the feedback of a request's path: what was acknowledged before is in the store, and no part of its run tells an
 * older one again. Throws `not_found`.
 */
async function settled(request: WorkspaceRequest, workspace: Workspace): Promise<Feedback> {
  await untilStored(workspace);
  const found = await mustBeStored(request, workspace);
  if (!(await workspace.feedback.forgetPart(request.project, found))) return found;
  // A part of the run may have told it once more meanwhile.
  await untilStored(workspace);
  return mustBeStored(request, workspace);
}

const Changes = z
  .object({
    score: z.union([z.number(), z.boolean()]).nullish(),
    value: z.unknown().optional(),
    correction: z.unknown().optional(),
    comment: z.string().nullish(),
  })
  .refine((changes) => Object.values(changes).some((value) => value !== undefined), {
    message: "a change of feedback tells a score, a value, a correction or a comment",
  });

/**
 * Changes feedback: what is told takes the place of what was, and null clears it. It is sent once more, and stored as if its client had
 * done so. The answer says no more than who changes it knows: its key need not be one that reads.
 */
export function changeFeedback(workspace: Workspace): Handler {
  return async (request) => {
    const parsed = Changes.safeParse(parseJson(request.body));
    if (!parsed.success) throw new AppError("invalid_input", issuesText(parsed.error));
    return inTurn(request, workspace, () => change(request, workspace, parsed.data));
  };
}

async function change(request: WorkspaceRequest, workspace: Workspace, changes: z.infer<typeof Changes>): Promise<object> {
  const { project } = request;
  const before = await settled(request, workspace);
  const { run_id, trace_id, session_id: toldSession, created_at: _, ...rest } = answerOf(before);
  const told = Object.entries(changes).filter(([, value]) => value !== undefined);
  const at = new Date(Math.max(workspace.clock(), Date.parse(before.time) + 1)).toISOString();
  const changed = { ...rest, ...Object.fromEntries(told), modified_at: at };
  const hasNumber = changed.score != null || typeof changed.value === "number";
  // A score has its session by its run; a label is counted by the session that it tells.
  const isSought = toldSession === null && !hasNumber && run_id !== null && trace_id !== null;
  const session_id = isSought ? await sessionIdOfRun(workspace, project, run_id, trace_id) : toldSession;
  await workspace.sendFeedback(project, {
    ...changed,
    ...(run_id === null ? {} : { run_id }),
    ...(trace_id === null ? {} : { trace_id }),
    ...(session_id === null ? {} : { session_id }),
  });
  // A version that is kept elsewhere does not take the place of this one.
  if (hasNumber !== (before.score !== null)) await workspace.feedback.remove(project, before);
  return { id: before.id, modified_at: at };
}

export function deleteFeedback(workspace: Workspace): Handler {
  return (request) =>
    inTurn(request, workspace, async () => {
      await workspace.feedback.remove(request.project, await settled(request, workspace));
      return { message: "the feedback is deleted" };
    });
}

const inTurn = <T>({ project, id }: WorkspaceRequest, workspace: Workspace, act: () => Promise<T>): Promise<T> =>
  workspace.inTurn(`${project} ${id.toLowerCase()}`, act);

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
