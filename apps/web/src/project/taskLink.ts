import { createSerializer, parseAsString } from "nuqs";
import { PROJECT_PARAM } from "./projectParam.ts";

/** The moment of a task that is shown: the number of a step, or `d` and the number of a decision; without it the last one. */
export const STEP_PARAM = { step: parseAsString };

const link = createSerializer({ ...PROJECT_PARAM, ...STEP_PARAM });

/** The page of a task, as of a moment where one is named. */
export function taskLink(taskId: string, project: string, step: string | null = null): string {
  return link(`/tasks/${taskId}`, { project, step });
}
