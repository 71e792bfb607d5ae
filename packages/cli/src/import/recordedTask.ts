import { type Recorded, type RecordedConversation, recordedConversation, type TauBench } from "@signalbox/evals";
import { sha256, stableId, type TaskRequest } from "@signalbox/model";

/** The project of imported conversations. */
export const PROJECT = "default";

/** A recorded conversation as a task of ours, with its recorded outcome. */
export interface RecordedTask {
  id: string;
  taskId: number;
  trial: number;
  request: TaskRequest;
  recorded: Recorded;
}

/**
 * A hash of the request's exact text: its order of keys affects the texts
 * of the tools' answers, so requests that differ in it are different tasks.
 */
function contentHash(request: RecordedConversation["request"]): string {
  return sha256(JSON.stringify(request));
}

/**
 * The trajectories of a folder as tasks on a world. The same conversation
 * on the same world is always the same task: a second import finds it done.
 */
export function recordedTasks({ trajectories }: Pick<TauBench, "trajectories">, world: string): RecordedTask[] {
  return trajectories.map((trajectory) => {
    const { taskId, trial, request, recorded } = recordedConversation(trajectory);
    const id = stableId("tau-bench", world, String(taskId), String(trial), request.planner.kind, contentHash(request));
    return { id, taskId, trial, request: { ...request, id, project: PROJECT, world }, recorded };
  });
}
