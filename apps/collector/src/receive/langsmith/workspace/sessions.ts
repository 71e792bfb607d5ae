import type { NamedObject } from "@signalbox/db/langsmith";
import { stableId } from "@signalbox/model";
import type { Handler } from "./jsonRoute.ts";
import { answerOf, listNamed, readNamed, SESSIONS } from "./named.ts";
import { objectNamed, type Workspace } from "./workspaceObjects.ts";

/** A session as routes that read runs need it. */
export type SessionName = Pick<NamedObject, "id" | "name">;

/** A session that nobody made is there as soon as a run was sent to it: its id follows from its name. */
const idOfName = (project: string, name: string): string => stableId("langsmith session", project, name);

/** The sessions that runs were sent to and nobody made: that of a name, or the latest ones. */
async function sessionsOfRuns({ runs }: Workspace, project: string, name?: string): Promise<NamedObject[]> {
  return (await runs.sessions(project, name)).map(({ name, startedAt }) => ({
    ...{ project, kind: "session", id: idOfName(project, name), name, body: {} },
    ...{ createdAt: startedAt, updatedAt: startedAt },
  }));
}

/** Lists sessions; by name those too that nobody made. */
export function listSessions(workspace: Workspace): Handler {
  const list = listNamed(SESSIONS, workspace);
  return async (request) => {
    const made = (await list(request)) as object[];
    const name = request.query.get("name");
    if (made.length > 0 || name === null || name === "" || Number(request.query.get("offset")) > 0) return made;
    return (await sessionsOfRuns(workspace, request.project, name)).map((session) => answerOf(SESSIONS, session, request));
  };
}

export function readSession(workspace: Workspace): Handler {
  const read = readNamed(SESSIONS, workspace);
  return async (request) => {
    const id = request.id.toLowerCase();
    const { project } = request;
    const [made] = await workspace.store.list({ project, kind: "session", ids: [id], limit: 1, offset: 0 });
    const found = made ?? (await sessionsOfRuns(workspace, project)).find((session) => session.id === id);
    return found === undefined ? read(request) : answerOf(SESSIONS, found, request);
  };
}

/** The sessions of some ids; one that is nowhere is left out. */
export async function sessionsOf(workspace: Workspace, project: string, ids: readonly string[]): Promise<SessionName[]> {
  if (ids.length === 0) return [];
  const made = await workspace.store.list({ project, kind: "session", ids, limit: ids.length, offset: 0 });
  if (made.length === ids.length) return made;
  return [...made, ...(await sessionsOfRuns(workspace, project)).filter(({ id }) => ids.includes(id))];
}

/** The id of the session that a run was sent to by its name. */
export async function sessionIdOf(workspace: Workspace, project: string, name: string): Promise<string> {
  return (await objectNamed(project, "session", name, workspace))?.id ?? idOfName(project, name);
}
