import { type AirlineData, AppError } from "@signalbox/model";
import type { z } from "zod";
import { fileError, parseFile, parseJson } from "../parseFile.ts";
import { checkMessages } from "./checkMessages.ts";
import { Flights, Reservations, type Task, Tasks, type Tool, Tools, Trajectories, type Trajectory, Users } from "./tauBenchFiles.ts";

/** A folder of text files, wherever it is stored. `name` identifies it to people; `read` rejects for a name that `list` does not return. */
export interface Folder {
  name: string;
  list(): Promise<readonly string[]>;
  read(name: string): Promise<string>;
}

/** A validated τ-bench airline folder. `data` is exactly as in the files; `trajectories` are in the order of the files, by name. */
export interface TauBench {
  readonly data: AirlineData;
  readonly policy: string;
  readonly tasks: readonly Task[];
  readonly tools: readonly Tool[];
  readonly trajectories: readonly Trajectory[];
}

/** Validates documents and returns them unchanged: their order of keys is part of the data. */
function checkedDocuments<Schema extends z.ZodType>(file: string, text: string, schema: Schema): z.output<Schema> {
  parseFile(file, text, schema);
  return parseJson(file, text) as z.output<Schema>;
}

/** Checks the references between trajectories and tasks. `seen` has the place of every (task, trial) so far. */
function checkTrajectories(
  file: string,
  trajectories: readonly Trajectory[],
  taskIds: ReadonlySet<number>,
  seen: Map<string, string>,
): void {
  for (const [index, { task_id, trial, traj }] of trajectories.entries()) {
    if (!taskIds.has(task_id)) throw fileError(file, [index, "task_id"], `tasks.json has no task ${task_id}`);

    const key = `${task_id}/${trial}`;
    const earlier = seen.get(key);
    if (earlier !== undefined) throw fileError(file, [index], `task ${task_id}, trial ${trial} is there twice: first at ${earlier}`);
    seen.set(key, `${file}: [${index}]`);

    checkMessages(file, [index, "traj"], traj);
  }
}

/** Reads a whole τ-bench airline folder. Throws `invalid_input` naming the file, and the field or line of it, that is missing or wrong. */
export async function readTauBench(folder: Folder): Promise<TauBench> {
  const names = await folder.list();
  const read = async (file: string): Promise<string> => {
    if (!names.includes(file))
      throw new AppError("invalid_input", `${file} is missing in ${folder.name}`, { hint: "A tau-bench folder has this file." });
    return folder.read(file);
  };

  const data = {
    flights: checkedDocuments("flights.json", await read("flights.json"), Flights),
    reservations: checkedDocuments("reservations.json", await read("reservations.json"), Reservations),
    users: checkedDocuments("users.json", await read("users.json"), Users),
  };
  const policy = await read("policy.md");
  const tasks = parseFile("tasks.json", await read("tasks.json"), Tasks);
  const tools = parseFile("tools.json", await read("tools.json"), Tools);

  const files = names.filter((name) => /^trajectories.*\.json$/.test(name)).sort();
  if (files.length === 0)
    throw new AppError("invalid_input", `trajectories*.json is missing in ${folder.name}: there is no recorded conversation to import`);
  const taskIds = new Set(tasks.map(({ id }) => id));
  const seen = new Map<string, string>();
  const trajectories: Trajectory[] = [];
  for (const file of files) {
    const recorded = parseFile(file, await read(file), Trajectories);
    checkTrajectories(file, recorded, taskIds, seen);
    trajectories.push(...recorded);
  }
  return { data, policy, tasks, tools, trajectories };
}
