import { AirlineFlight, AirlineReservation, AirlineUser } from "@signalbox/model";
import { z } from "zod";

/* The fields that we use of a τ-bench airline folder's files. Others write these files: unknown fields are ignored. */

export const Flights = z.record(z.string(), AirlineFlight);
export const Reservations = z.record(z.string(), AirlineReservation);
export const Users = z.record(z.string(), AirlineUser);

const Action = z.object({ name: z.string().min(1), kwargs: z.record(z.string(), z.unknown()) });

/** A task: the customer's instructions, and the expected actions and outputs. */
export const Task = z.object({
  id: z.number().int().nonnegative(),
  user_id: z.string(),
  instruction: z.string(),
  actions: z.array(Action),
  outputs: z.array(z.string()),
});
export type Task = z.infer<typeof Task>;
export const Tasks = z.array(Task).min(1);

/** A tool as described to the recorded model (OpenAI's function schema). */
export const Tool = z.object({
  type: z.literal("function"),
  function: z.object({ name: z.string().min(1), description: z.string(), parameters: z.record(z.string(), z.unknown()) }),
});
export type Tool = z.infer<typeof Tool>;
export const Tools = z.array(Tool).min(1);

/** The arguments of a call: JSON text in the file, an object here, its key order kept. */
const Arguments = z.string().transform((text, context): Record<string, unknown> => {
  try {
    return z.record(z.string(), z.unknown()).parse(JSON.parse(text));
  } catch {
    context.addIssue({ code: "custom", message: "this text is not a JSON object" });
    return z.NEVER;
  }
});

const RecordedCall = z.object({
  id: z.string().min(1),
  type: z.literal("function"),
  function: z.object({ name: z.string().min(1), arguments: Arguments }),
});

/** A message of a conversation. An assistant calls one tool at most. */
export const RecordedMessage = z.discriminatedUnion("role", [
  z.object({ role: z.literal("system"), content: z.string() }),
  z.object({ role: z.literal("user"), content: z.string() }),
  z.object({ role: z.literal("assistant"), content: z.string().nullable(), tool_calls: z.array(RecordedCall).length(1).optional() }),
  z.object({ role: z.literal("tool"), tool_call_id: z.string(), name: z.string(), content: z.string() }),
]);
export type RecordedMessage = z.infer<typeof RecordedMessage>;

/**
 * A recorded conversation with its reward (1 or 0). `info.task` is the task
 * as recorded; its `reward_info` is null if the conversation never ended.
 */
export const Trajectory = z.object({
  task_id: z.number().int().nonnegative(),
  trial: z.number().int().nonnegative(),
  reward: z.number().min(0).max(1),
  info: z.object({
    task: Task.omit({ id: true }),
    reward_info: z.object({ info: z.object({ gt_data_hash: z.string().length(64).optional() }) }).nullable(),
  }),
  traj: z.array(RecordedMessage).min(3),
});
export type Trajectory = z.infer<typeof Trajectory>;
export const Trajectories = z.array(Trajectory).min(1, "there is no recorded conversation in it");
