import type { Expectation, RecordedTurn, TaskRequest } from "@signalbox/model";
import type { RecordedMessage, Trajectory } from "./tauBenchFiles.ts";

/** The recorded outcome of a conversation. `toolOutputs` are in the order of the calls; `gtDataHash` is null where none was recorded. */
export interface Recorded {
  readonly reward: 0 | 1;
  readonly toolOutputs: readonly string[];
  readonly gtDataHash: string | null;
}

/** A trajectory as a task that can be run again, with its recorded outcome. */
export interface RecordedConversation {
  readonly taskId: number;
  readonly trial: number;
  readonly request: Pick<TaskRequest, "name" | "domain" | "message" | "planner" | "user" | "tags"> & { expectation: Expectation };
  readonly recorded: Recorded;
}

/** The largest number of the agent's steps in which a recorded conversation may end. */
const STEPS_MAX = 30;

/** The files do not name the model; the folder's README does. */
const MODEL = "gpt-4o";
const PROVIDER = "openai";

function turnOf(message: RecordedMessage): RecordedTurn[] {
  if (message.role === "user") return [{ role: "user", content: message.content }];
  if (message.role !== "assistant") return [];
  const call = message.tool_calls?.[0];
  const toolCall = call === undefined ? null : { id: call.id, name: call.function.name, arguments: call.function.arguments };
  return [{ role: "assistant", content: message.content, toolCall }];
}

/**
 * Converts a trajectory from `readTauBench` to a task: its first user message opens the task, and everything after it is played as turns.
 */
export function recordedConversation(trajectory: Trajectory): RecordedConversation {
  const { task_id: taskId, trial, info, traj, reward } = trajectory;
  const [system, first, ...rest] = traj;
  return {
    taskId,
    trial,
    request: {
      name: `tau-bench airline, task ${taskId}, trial ${trial}`,
      domain: "airline",
      message: first?.content ?? "",
      planner: { kind: "recorded", model: MODEL, provider: PROVIDER, system: system?.content ?? "", turns: rest.flatMap(turnOf) },
      user: info.task.user_id,
      tags: ["tau-bench", `task-${taskId}`, `trial-${trial}`],
      expectation: {
        actions: info.task.actions.map(({ name, kwargs }) => ({ name, arguments: kwargs })),
        outputs: info.task.outputs,
        endsWithin: STEPS_MAX,
      },
    },
    recorded: {
      reward: Math.abs(reward - 1) <= 1e-6 ? 1 : 0,
      toolOutputs: traj.flatMap((message) => (message.role === "tool" ? [message.content] : [])),
      gtDataHash: info.reward_info?.info.gt_data_hash ?? null,
    },
  };
}
