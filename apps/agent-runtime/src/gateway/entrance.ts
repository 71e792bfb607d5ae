import { type Access, type Authenticate, headersOf, refusalOf } from "@signalbox/listener";
import { AppError, type Task, type TaskRequest } from "@signalbox/model";
import type { FastifyRequest } from "fastify";
import { z } from "zod";

/** The part of a path that names a task. */
export const TaskPlace = z.object({ id: z.uuid() });

/** Whose tasks a request may ask for. Without a key a program on this machine may name any project. */
export type Grant = Extract<Access, { kind: "granted" }>;

/** What `openEntrance` gives. */
export type Entrance = ReturnType<typeof openEntrance>;

/**
 * Lets requests in before their bodies are read: `onRequest` throws what is to be answered, `grantOf` tells what the hook found. What
 * says something of all projects asks `requireOperator`: an admin's key opens it, where keys are required (`isKeyRequired`) at all.
 */
export function openEntrance(authenticate: Authenticate, isKeyRequired: boolean) {
  const grants = new WeakMap<FastifyRequest, Grant>();
  return {
    onRequest: async (request: FastifyRequest): Promise<void> => {
      const access = await authenticate(headersOf(request.raw), "run");
      if (access.kind !== "granted") throw refusalOf(access);
      grants.set(request, access);
    },
    requireOperator: async (request: FastifyRequest): Promise<void> => {
      if (!isKeyRequired) return;
      const access = await authenticate(headersOf(request.raw), "admin");
      if (access.kind !== "granted") throw refusalOf(access);
    },
    grantOf: (request: FastifyRequest): Grant => {
      const grant = grants.get(request);
      if (grant === undefined) throw new TypeError("the route has no entrance");
      return grant;
    },
  };
}

/** A request's body, in the project of its key where it names none. */
export function bodyIn({ project }: Grant, body: unknown): unknown {
  return typeof body === "object" && body !== null && !Array.isArray(body) ? { project, ...body } : body;
}

/** Whether a request's body says who plans its task. */
export function namesPlanner(body: unknown): boolean {
  return typeof body === "object" && body !== null && "planner" in body;
}

/** Whether a grant reaches a project. */
const reaches = ({ isKeyed, project }: Grant, other: string): boolean => !isKeyed || project === other;

/** Throws `forbidden` where a key asks for a task in another project than its own. */
export function requireReach(grant: Grant, { project }: TaskRequest): void {
  if (!reaches(grant, project)) throw new AppError("forbidden", `This key is for project ${grant.project}, not for ${project}.`);
}

/** A task as it may be shown; one of another project is not there. */
export function taskIn(grant: Grant, id: string, task: Task | null): Task {
  if (task === null || !reaches(grant, task.project)) throw new AppError("not_found", `There is no task ${id}.`);
  return task;
}
