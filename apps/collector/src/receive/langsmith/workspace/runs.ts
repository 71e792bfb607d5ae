import type { RunPlace, RunQuery, StoredRun } from "@signalbox/db/langsmith";
import { AppError, issuesText } from "@signalbox/model";
import { z } from "zod";
import { ATTACHMENT_FIELD, FEEDBACK_FIELD, mergeRun, parseJson, type RunFields, spanIdOfRun } from "../../../decode/index.ts";
import type { Handler } from "./jsonRoute.ts";
import { sessionIdOf, sessionsOf } from "./sessions.ts";
import type { Workspace } from "./workspaceObjects.ts";

const PAGE_RUNS = 100;
const LIST_MAX = 1_000;

const Uuid = z.uuid().toLowerCase();
const Uuids = z.array(Uuid).max(LIST_MAX).optional();
const OneOrMore = z.union([Uuid.transform((id) => [id]), z.array(Uuid).max(LIST_MAX)]).optional();

const Cursor = z.object({ startNs: z.string().regex(/^-?\d{1,19}$/), traceId: z.string(), spanId: z.string() });

/** Fields that narrow nothing, whatever they say. */
const NARROWS_NOTHING = ["skip_pagination", "skip_prev_cursor", "use_experimental_search"];

const Conditions = z.strictObject({
  session: Uuids,
  id: Uuids,
  trace: OneOrMore,
  reference_example: OneOrMore,
  parent_run: Uuid.optional(),
  run_type: z.string().max(100).optional(),
  is_root: z.boolean().optional(),
  error: z.boolean().optional(),
  start_time: z.iso.datetime({ offset: true, local: true }).optional(),
  order: z.enum(["asc", "desc"]).optional(),
  limit: z.int().positive().optional(),
  cursor: z.string().max(500).optional(),
  select: z.array(z.string().max(100)).max(200).optional(),
});

type Conditions = z.infer<typeof Conditions>;

/**
 * A `listRuns` request; null is like what is left out. Conditions that are not understood are refused, LangSmith's own filter language
 * among them: runs that nobody asked for would look as if they met them.
 */
const Asked = z
  .record(z.string(), z.unknown())
  .transform((told) => Object.fromEntries(Object.entries(told).filter(([key, value]) => value !== null && !NARROWS_NOTHING.includes(key))))
  .pipe(Conditions);

/** A place as a client gives it back. */
const cursorOf = ({ startNs, traceId, spanId }: RunPlace): string =>
  Buffer.from(JSON.stringify({ startNs, traceId, spanId })).toString("base64url");

function placeOf(cursor: string): RunPlace {
  try {
    return Cursor.parse(JSON.parse(Buffer.from(cursor, "base64url").toString()));
  } catch {
    throw new AppError("invalid_input", "the cursor is none that was answered here");
  }
}

const digits = (uuid: string): string => uuid.replaceAll("-", "");

function queryOf(project: string, asked: Conditions, sessions: RunQuery["sessions"], limit: number): RunQuery {
  const { id, trace, reference_example, parent_run, run_type, is_root, error, start_time, order, cursor } = asked;
  return {
    ...{ project, sessions, limit, order: order ?? "desc" },
    runs: (id ?? []).map((one) => ({ id: digits(one), spanId: spanIdOfRun(digits(one)) })),
    traceIds: (trace ?? []).map(digits),
    examples: reference_example ?? [],
    ...(parent_run === undefined ? {} : { parent: parent_run }),
    ...(run_type === undefined ? {} : { runType: run_type }),
    ...(is_root === undefined ? {} : { isRoot: is_root }),
    ...(error === undefined ? {} : { isFailed: error }),
    ...(start_time === undefined ? {} : { from: new Date(/(Z|[+-]\d\d:?\d\d)$/i.test(start_time) ? start_time : `${start_time}Z`) }),
    ...(cursor === undefined ? {} : { after: placeOf(cursor) }),
  };
}

/** Lists runs a page at a time, the latest first unless asked otherwise. */
export function queryRuns(workspace: Workspace): Handler {
  return async ({ project, body }) => {
    const parsed = Asked.safeParse(parseJson(body));
    if (!parsed.success) throw new AppError("invalid_input", `runs cannot be listed so here: ${issuesText(parsed.error)}`);
    const asked = parsed.data;
    const limit = Math.min(asked.limit ?? PAGE_RUNS, PAGE_RUNS);
    const sessionIds = asked.session ?? [];
    const sessions = await sessionsOf(workspace, project, sessionIds);
    if (sessionIds.length > 0 && sessions.length === 0) return { runs: [], cursors: { next: null } };
    const stored = await workspace.runs.find(queryOf(project, asked, sessions, limit + 1));
    const page = stored.slice(0, limit);
    const runs = await runsOf(workspace, project, page);
    const last = stored.length > limit ? page.at(-1) : undefined;
    const shown = asked.select === undefined ? runs : runs.map((run) => selected(run, new Set(asked.select)));
    return { runs: shown, cursors: { next: last === undefined ? null : cursorOf(last) } };
  };
}

/** One run. Throws `not_found`. */
export function readRun(workspace: Workspace): Handler {
  return async ({ project, id }) => {
    const stored = await workspace.runs.find(queryOf(project, { id: [id.toLowerCase()] }, [], 1));
    const [run] = await runsOf(workspace, project, stored);
    if (run === undefined) throw new AppError("not_found", `there is no run ${id}`);
    return run;
  };
}

/** The id of the session that a run of a trace was sent to, by their UUIDs; null where there is no such run, or it was sent to none. */
export async function sessionIdOfRun(workspace: Workspace, project: string, runId: string, traceId: string): Promise<string | null> {
  const [run] = await workspace.runs.find(queryOf(project, { id: [runId], trace: [traceId] }, [], 1));
  if (run === undefined || run.sessionId !== "") return run?.sessionId ?? null;
  return run.session === "" ? null : sessionIdOf(workspace, project, run.session);
}

function selected(run: Record<string, unknown>, names: ReadonlySet<string>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(run).filter(([name]) => name === "id" || names.has(name)));
}

/** Stored runs as clients know them: what they said of each is there for as long as it is kept, and afterwards what its span has. */
async function runsOf(workspace: Workspace, project: string, stored: readonly StoredRun[]): Promise<Record<string, unknown>[]> {
  const parts = await workspace.runs.parts(
    project,
    stored.map(({ id }) => digits(id.toLowerCase())),
  );
  const partsOf = Map.groupBy(parts, ({ runId }) => runId);
  const names = [...new Set(stored.flatMap(({ session, sessionId }) => (sessionId === "" ? [session] : [])))];
  const ids = new Map(await Promise.all(names.map(async (name) => [name, await sessionIdOf(workspace, project, name)] as const)));
  return stored.map((run) => {
    const known = partsOf.get(digits(run.id.toLowerCase())) ?? [];
    const told = mergeRun(
      known.map(({ operation, body, receivedAtUs }) => ({
        ...{ kind: operation as "post" | "patch", receivedAtUs },
        fields: JSON.parse(body) as RunFields,
      })),
    );
    return runOf(run, told, known.length > 0, run.sessionId === "" ? (ids.get(run.session) ?? null) : run.sessionId);
  });
}

/** JSON that a span has as text; another text is the `key` of an object. */
function structIn(text: string, key: string): unknown {
  if (text === "") return null;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : { [key]: value };
  } catch {
    return { [key]: text };
  }
}

const isoOf = (ns: string): string => new Date(Number(BigInt(ns) / 1_000_000n)).toISOString().replace("Z", `${ns.slice(-6, -3)}Z`);

/** The runs above one, the root first: a dotted order is a place for each, and its own behind them. */
const parentsIn = (dottedOrder: string): string[] =>
  dottedOrder
    .split(".")
    .slice(0, -1)
    .map((place) => place.slice(-36));

function runOf(stored: StoredRun, told: RunFields, isTold: boolean, sessionId: string | null): Record<string, unknown> {
  const own = Object.entries(told).filter(([key]) => !key.startsWith(ATTACHMENT_FIELD) && !key.startsWith(FEEDBACK_FIELD));
  const error = told.error ?? (stored.status === "error" ? stored.error : null);
  const isOver = isTold ? told.end_time != null : true;
  const tokens = (stored.inputTokens ?? 0) + (stored.outputTokens ?? 0);
  return {
    ...{ name: stored.name, run_type: stored.runType, tags: stored.tags, extra: {}, events: [], serialized: null },
    ...Object.fromEntries(own),
    ...{ id: stored.id, trace_id: stored.trace, session_id: sessionId, parent_run_id: stored.parent === "" ? null : stored.parent },
    ...{ dotted_order: stored.dottedOrder, parent_run_ids: parentsIn(stored.dottedOrder) },
    ...{ start_time: isoOf(stored.startNs), end_time: isOver ? isoOf(stored.endNs) : null },
    ...{ inputs: told.inputs ?? structIn(stored.input, "input") ?? {}, outputs: told.outputs ?? structIn(stored.output, "output") },
    ...{ error, status: error === null ? (isOver ? "success" : "pending") : "error" },
    reference_example_id: stored.example === "" ? null : stored.example,
    ...{ prompt_tokens: stored.inputTokens ?? 0, completion_tokens: stored.outputTokens ?? 0, total_tokens: tokens },
    ...{
      prompt_cost: null,
      completion_cost: null,
      total_cost: stored.costUsd,
      first_token_time: null,
      feedback_stats: null,
      app_path: null,
    },
  };
}
