import type { TaskRequest } from "../tasks/task.ts";
import { DatasetItemContent } from "./datasetItem.ts";

/**
 * A dataset item with the input and the expectation of a task of the reference agent. What applies
 * to that task alone (its id, name, tags, lane and version) is left out. The caller chooses `split`.
 */
export function datasetItemOfTask(
  { domain, world, message, planner, session, user, expectation, project: _, ...rest }: TaskRequest,
  source: { traceId: string; taskId: string },
): DatasetItemContent {
  return DatasetItemContent.parse({
    input: { domain, world, message, planner, ...(session === undefined ? {} : { session }), ...(user === undefined ? {} : { user }) },
    expectedOutput: expectation === undefined ? null : { outputs: expectation.outputs },
    expectedToolCalls: expectation?.actions ?? null,
    metadata: { task: rest.name, ...(rest.tags.length === 0 ? {} : { tags: rest.tags }) },
    source,
  });
}
