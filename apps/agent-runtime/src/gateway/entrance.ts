import { type Access, type Authenticate, headersOf, refusalOf } from "@signalbox/listener";
import { AppError, type Task, type TaskRequest } from "@signalbox/model";
import type { FastifyRequest } from "fastify";
import { z } from "zod";

/** The path parameters that name a task. */
export const TaskPlace = z.object({ id: z.uuid() });

/** The projects whose tasks a request may reach. Without a key, a program on this machine may name any project. */
export type Grant = Extract<Access, { kind: "granted" }>;

export type Entrance = ReturnType<typeof openEntrance>;

/**
 * Authenticates requests before their bodies are read. `onRequest` throws the refusal to answer with; `grantOf` returns the grant that the
 * hook found. Routes that show data of all projects use `requireOperator`, which demands an admin's key wherever keys are required
 * (`isKeyRequired`).
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

/** A request's body; one that names no project gets the project of its key. */
export function bodyIn({ project }: Grant, body: unknown): unknown {
  return typeof body === "object" && body !== null && !Array.isArray(body) ? { project, ...body } : body;
}

/** Whether a request's body names the planner. */
export function namesPlanner(body: unknown): boolean {
  return typeof body === "object" && body !== null && "planner" in body;
}

/** Whether a grant covers a project. */
const reaches = ({ isKeyed, project }: Grant, other: string): boolean => !isKeyed || project === other;

/** Throws `forbidden` if a key asks for a task in a project other than its own. */
export function requireReach(grant: Grant, { project }: TaskRequest): void {
  if (!reaches(grant, project)) throw new AppError("forbidden", `This key is for project ${grant.project}, not for ${project}.`);
}

/** Returns the task if the grant covers its project. Throws `not_found` otherwise, so that other projects' tasks stay hidden. */
export function taskIn(grant: Grant, id: string, task: Task | null): Task {
  if (task === null || !reaches(grant, task.project)) throw new AppError("not_found", `There is no task ${id}.`);
  return task;
}
