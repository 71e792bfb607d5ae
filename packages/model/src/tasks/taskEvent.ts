import { z } from "zod";
import { Decision } from "./decision.ts";
import { Step } from "./step.ts";
import { Task } from "./task.ts";

/**
 * More of an answer that a model is writing in `step`; with `isStart` it begins an answer, and what there was of another one is
 * void: without text nothing takes its place. It is no record: what became of it, whole, is in the step once that is finished.
 */
const DraftText = z.strictObject({ step: z.number().int().positive(), isStart: z.boolean(), text: z.string() });

/**
 * What `GET /v1/tasks/{id}/events` tells, one server-sent event each, named by its `kind` with `data` as its JSON: how far the task
 * is, each decision and each finished step as they are on record, what a model is just writing, and at the end the task as it became.
 */
export const TaskEvent = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("status"), data: Task.pick({ status: true, attempts: true }) }),
  z.strictObject({ kind: z.literal("decision"), data: Decision }),
  z.strictObject({ kind: z.literal("step"), data: Step }),
  z.strictObject({ kind: z.literal("draft"), data: DraftText }),
  z.strictObject({ kind: z.literal("end"), data: Task }),
]);
export type TaskEvent = z.infer<typeof TaskEvent>;
