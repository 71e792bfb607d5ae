import { z } from "zod";
import { ModelUse } from "../telemetry/modelUse.ts";
import { Memories, Move, Route, ToolCallAnswer, Understanding } from "./services.ts";
import { ToolRequest } from "./task.ts";

/**
 * The input and output of a finished stage of a task. `route` is present when the task went to another
 * planner than it asked for; `move` is a planner's assistant turn, `user` the customer's next message.
 */
export const Stage = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("understand"), input: z.strictObject({ message: z.string() }), output: Understanding }),
  z.strictObject({ kind: z.literal("route"), input: z.strictObject({}), output: Route }),
  z.strictObject({ kind: z.literal("recall"), input: z.strictObject({ session: z.string().nullable() }), output: Memories }),
  z.strictObject({ kind: z.literal("move"), input: z.strictObject({}), output: Move }),
  z.strictObject({ kind: z.literal("tool"), input: z.strictObject({ callId: z.string(), call: ToolRequest }), output: ToolCallAnswer }),
  z.strictObject({ kind: z.literal("user"), input: z.strictObject({}), output: z.strictObject({ content: z.string() }) }),
  z.strictObject({
    kind: z.literal("remember"),
    input: z.strictObject({ session: z.string() }),
    output: z.strictObject({ turns: z.number().int().nonnegative(), outage: z.string().optional() }),
  }),
]);
export type Stage = z.infer<typeof Stage>;

/** A finished stage in a task's journal. `step` counts from 1 without gaps, times are microseconds since 1970. */
export const Step = z.strictObject({
  step: z.number().int().positive(),
  attempt: z.number().int().positive(),
  startedUs: z.number().int(),
  finishedUs: z.number().int(),
  stage: Stage,
  modelUse: ModelUse.nullable(),
});
export type Step = z.infer<typeof Step>;
