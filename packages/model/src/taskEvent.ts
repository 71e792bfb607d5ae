import { z } from "zod";
import { Decision } from "./decision.ts";
import { Step } from "./step.ts";
import { Task } from "./task.ts";

/**
 * What `GET /v1/tasks/{id}/events` tells, one server-sent event each, named by its `kind` with `data` as its JSON: how far the task is, each decision and each
 * finished step as they are on record, and at the end the task as it became.
 */
export const TaskEvent = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("status"), data: Task.pick({ status: true, attempts: true }) }),
  z.strictObject({ kind: z.literal("decision"), data: Decision }),
  z.strictObject({ kind: z.literal("step"), data: Step }),
  z.strictObject({ kind: z.literal("end"), data: Task }),
]);
export type TaskEvent = z.infer<typeof TaskEvent>;
