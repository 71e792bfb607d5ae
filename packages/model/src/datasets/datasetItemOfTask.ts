import type { TaskRequest } from "../tasks/task.ts";
import { DatasetItemContent } from "./datasetItem.ts";

/**
 * A task of the reference agent as an item that asks the same of it again, and expects what was expected of the task. What a task
 * was told of itself alone (its id, name, tags, lane and version) is not asked again. `split` is for whoever keeps it to say.
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
