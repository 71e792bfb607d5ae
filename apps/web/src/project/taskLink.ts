import { createSerializer, parseAsString } from "nuqs";
import { PROJECT_PARAM } from "./projectParam.ts";

/** The shown moment of a task: the number of a step, or `d` and the number of a decision; the last moment by default. */
export const STEP_PARAM = { step: parseAsString };

const link = createSerializer({ ...PROJECT_PARAM, ...STEP_PARAM });

/** The page of a task, at a moment if one is given. */
export function taskLink(taskId: string, project: string, step: string | null = null): string {
  return link(`/tasks/${taskId}`, { project, step });
}
