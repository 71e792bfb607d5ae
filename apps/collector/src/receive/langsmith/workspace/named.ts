import type { NamedObject } from "@signalbox/db/langsmith";
import { AppError, issuesText, newId } from "@signalbox/model";
import { z } from "zod";
import { parseJson } from "../../../decode/index.ts";
import type { Handler, WorkspaceRequest } from "./jsonRoute.ts";
import { changed, listQuery, objectAt, objectNamed, type Workspace } from "./workspaceObjects.ts";

/** The kinds of object with a name that is unique in their project: datasets and sessions. */
export interface NamedKind {
  kind: "dataset" | "session";
  /** The fields of an answer besides those that the client sent. */
  answer(object: NamedObject, tenantId: string): Record<string, unknown>;
}

export const DATASETS: NamedKind = {
  kind: "dataset",
  answer: ({ createdAt, updatedAt }, tenantId) => ({
    data_type: "kv",
    tenant_id: tenantId,
    created_at: createdAt.toISOString(),
    modified_at: updatedAt.toISOString(),
  }),
};

/** LangSmith's word for the target of runs; a session that refers to a dataset is an experiment on it. */
export const SESSIONS: NamedKind = {
  kind: "session",
  answer: ({ createdAt }, tenantId) => ({ tenant_id: tenantId, start_time: createdAt.toISOString(), reference_dataset_id: null }),
};

const Created = z.looseObject({ id: z.uuid().nullish(), name: z.string().min(1).max(1_000) });

/** Lists objects, by name if the client gives one. `include_stats` asks for figures that clients can do without. */
export function listNamed(named: NamedKind, workspace: Workspace): Handler {
  return async (request) => {
    const name = request.query.get("name") ?? undefined;
    const query = listQuery(request, named.kind, ["name", "include_stats"]);
    const objects = await workspace.store.list({ ...query, ...(name === undefined ? {} : { name }) });
    return objects.map((object) => answerOf(named, object, request));
  };
}

/**
 * Creates an object. Throws `conflict` if the name is taken, which makes clients try another; with `upsert`, the existing object is
 * returned instead.
 */
export function createNamed(named: NamedKind, workspace: Workspace): Handler {
  return async (request) => {
    const parsed = Created.safeParse(parseJson(request.body));
    if (!parsed.success) throw new AppError("invalid_input", issuesText(parsed.error));
    const { id, name, ...body } = parsed.data;
    const taken = await objectNamed(request.project, named.kind, name, workspace);
    const isUpsert = request.query.get("upsert") === "true";
    if (taken !== null && !isUpsert) throw new AppError("conflict", `there is a ${named.kind} named ${name} already`);
    if (taken !== null) return answerOf(named, await change(taken, body, workspace), request);
    const now = new Date(workspace.clock());
    const object = { project: request.project, kind: named.kind, id: id ?? newId(), name, body, createdAt: now, updatedAt: now };
    await workspace.store.put(object);
    return answerOf(named, object, request);
  };
}

export function readNamed(named: NamedKind, workspace: Workspace): Handler {
  return async (request) => answerOf(named, await objectAt(request, named.kind, workspace), request);
}

export function changeNamed(named: NamedKind, workspace: Workspace): Handler {
  return async (request) => {
    const { id: _, ...changes } = parseJson(request.body);
    return answerOf(named, await change(await objectAt(request, named.kind, workspace), changes, workspace), request);
  };
}

/** Deletes a dataset, unless an eval run or an experiment is of it: what that asked must stay to be looked at. */
export function deleteNamedDataset({ store }: Workspace): Handler {
  return async ({ project, id }) => {
    await store.deleteDataset(project, id.toLowerCase());
    return { message: "the dataset is deleted" };
  };
}

async function change(object: NamedObject, changes: Record<string, unknown>, { store, clock }: Workspace): Promise<NamedObject> {
  const { name, ...body } = changes;
  const renamed = typeof name === "string" ? { name } : {};
  const after = { ...object, body: changed(object.body, body), updatedAt: new Date(clock()), ...renamed };
  await store.put(after);
  return after;
}

/** One of them, as the route answers it. */
export function answerOf(named: NamedKind, object: NamedObject, { tenantId }: WorkspaceRequest): Record<string, unknown> {
  return { ...named.answer(object, tenantId), ...changed({}, object.body), id: object.id, name: object.name };
}
