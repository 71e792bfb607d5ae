import { z } from "zod";
import { Decision } from "./decision.ts";
import { Step } from "./step.ts";
import { Task } from "./task.ts";

/**
 * A piece of the answer that a model is writing in `step`. With `isStart` it begins an answer and voids the one before
 * it; with no text, nothing replaces that one. Drafts are not a record: the finished step holds the whole answer.
 */
const DraftText = z.strictObject({ step: z.number().int().positive(), isStart: z.boolean(), text: z.string() });

/**
 * The server-sent events of `GET /v1/tasks/{id}/events`, each named by its `kind` with `data` as JSON: the task's
 * progress, each recorded decision and finished step, what a model is writing just now, and at the end the final task.
 */
export const TaskEvent = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("status"), data: Task.pick({ status: true, attempts: true }) }),
  z.strictObject({ kind: z.literal("decision"), data: Decision }),
  z.strictObject({ kind: z.literal("step"), data: Step }),
  z.strictObject({ kind: z.literal("draft"), data: DraftText }),
  z.strictObject({ kind: z.literal("end"), data: Task }),
]);
export type TaskEvent = z.infer<typeof TaskEvent>;
