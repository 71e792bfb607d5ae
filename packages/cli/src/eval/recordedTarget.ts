import { type Question, type RunItem, readTauBench, recordedConversation, renameStateToProvince, type Target } from "@signalbox/evals";
import { AppError, TaskRequest } from "@signalbox/model";
import { z } from "zod";
import { openFileFolder } from "../import/fileFolder.ts";
import { loadAirlineWorld } from "../import/loadAirlineWorld.ts";
import { expectationOf, runTask } from "./agentTarget.ts";
import type { EvalPlace } from "./evalPlace.ts";

/** Loading the world takes seconds; a store that is unavailable longer has a problem. */
const WORLD_PATIENCE_MS = 30_000;

const TaskOfItem = z.object({ task: z.number().int().nonnegative() });

function taskOf(item: RunItem): number {
  const metadata = TaskOfItem.safeParse(item.metadata);
  if (metadata.success) return metadata.data.task;
  throw new AppError("invalid_input", `Item ${item.id} does not say which tau-bench task it is.`, {
    hint: "Make the dataset of the folder's tasks: ./signalbox dataset import.",
  });
}

/**
 * The recorded model of a τ-bench folder: trial t of a task repeats what was said then, and its tool
 * calls are executed on a world of the folder's data. The recorded outcome is ignored: the reward
 * comes from the controller, which compares the final state with that of the item's expected calls.
 */
export async function recordedTarget(path: string, place: EvalPlace, project: string): Promise<Target> {
  const folder = await readTauBench(await openFileFolder(path));
  const patience = { patienceMs: WORLD_PATIENCE_MS, signal: place.signal };
  const world = await loadAirlineWorld(place.stores.DATABASE_URL, renameStateToProvince(folder.data), patience);
  const conversations = new Map(folder.trajectories.map(recordedConversation).map((one) => [`${one.taskId}/${one.trial}`, one]));

  const requestOf = ({ item, trial, key }: Question): TaskRequest & { id: string } => {
    const task = taskOf(item);
    const conversation = conversations.get(`${task}/${trial}`);
    if (conversation === undefined)
      throw new AppError(
        "invalid_input",
        `${folder.trajectories.length} conversations are recorded, but no trial ${trial} of task ${task}.`,
        {
          hint: "Ask for fewer --repeats.",
        },
      );
    const { request } = conversation;
    return { ...TaskRequest.parse({ ...request, project, world, expectation: expectationOf(item) ?? request.expectation }), id: key };
  };
  return { ask: (question) => runTask(place, requestOf(question), question.signal) };
}
