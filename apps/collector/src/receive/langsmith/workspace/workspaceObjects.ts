import type { FeedbackStore } from "@signalbox/db/clickhouse";
import type { NamedObject, RunReader, WorkspaceObject, WorkspaceQuery, WorkspaceStore } from "@signalbox/db/langsmith";
import { AppError, issuesText } from "@signalbox/model";
import { z } from "zod";
import type { WorkspaceRequest } from "./jsonRoute.ts";

/** Dependencies of workspace routes. `clock` is milliseconds since 1970. */
export interface Workspace {
  store: WorkspaceStore;
  runs: RunReader;
  feedback: FeedbackStore;
  /** Takes feedback as if a client had sent it. Throws `upstream_unavailable` where it cannot be kept now. */
  sendFeedback(project: string, feedback: object): Promise<void>;
  /** When the oldest request that is not in the store was received, in milliseconds since 1970; null if all are stored. */
  oldestUnwrittenMs: () => number | null;
  /** Runs one change after the other of what has the same key. */
  inTurn<T>(key: string, change: () => Promise<T>): Promise<T>;
  clock: () => number;
}

type Kind = WorkspaceObject["kind"];

type ObjectOf<K extends Kind> = Extract<WorkspaceObject, { kind: K }>;

const LIMIT_MAX = 1_000;
const IDS_MAX = 1_000;

/**
 * Parses the query of a list. `id`, `limit` and `offset` mean the same for every list; other filters are refused unless they are in
 * `known`.
 */
export function listQuery<K extends Kind>(request: WorkspaceRequest, kind: K, known: readonly string[]): WorkspaceQuery<K> {
  const { project, query } = request;
  const unknown = [...query.keys()].find((key) => !["id", "limit", "offset", ...known].includes(key));
  if (unknown !== undefined) throw new AppError("invalid_input", `a list of ${kind}s cannot be narrowed by ${unknown} here`);
  const parsed = Paging.safeParse({ ids: query.getAll("id"), limit: query.get("limit"), offset: query.get("offset") });
  if (!parsed.success) throw new AppError("invalid_input", issuesText(parsed.error));
  return { project, kind, ...parsed.data };
}

const Paging = z.object({
  ids: z.array(z.uuid()).max(IDS_MAX),
  limit: z.coerce
    .number()
    .int()
    .nonnegative()
    .transform((limit) => (limit === 0 ? 100 : Math.min(limit, LIMIT_MAX))),
  offset: z.coerce.number().int().nonnegative().max(4_000_000_000),
});

/** The object of a request's path. Throws `not_found`. */
export async function objectAt<K extends Kind>(
  { project, id }: WorkspaceRequest,
  kind: K,
  { store }: Pick<Workspace, "store">,
): Promise<ObjectOf<K>> {
  const [found] = await store.list({ project, kind, ids: [id.toLowerCase()], limit: 1, offset: 0 });
  if (found === undefined) throw new AppError("not_found", `there is no ${kind} ${id}`);
  return found;
}

export async function objectNamed(
  project: string,
  kind: NamedObject["kind"],
  name: string,
  { store }: Workspace,
): Promise<NamedObject | null> {
  const [found] = await store.list({ project, kind, name, limit: 1, offset: 0 });
  return found ?? null;
}

/** Applies `changes` to `body`: nulls change nothing, `extra` and its metadata are merged key by key. */
export function changed(body: Record<string, unknown>, changes: Record<string, unknown>): Record<string, unknown> {
  const told = Object.entries(changes).filter(([, value]) => value !== null && value !== undefined);
  const merged = told.map(([key, value]) => [key, MERGED.has(key) && isObject(value) ? changed(objectOf(body[key]), value) : value]);
  return { ...body, ...Object.fromEntries(merged) };
}

const MERGED = new Set(["extra", "metadata"]);

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null && !Array.isArray(value);

const objectOf = (value: unknown): Record<string, unknown> => (isObject(value) ? value : {});
