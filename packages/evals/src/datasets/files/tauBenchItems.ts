import { type DatasetChange, DatasetItemContent } from "@signalbox/model";
import type { TauBench } from "../tauBench/readTauBench.ts";

/** The number of conversations per batch. */
const BATCH_ITEMS = 50;

/**
 * The tasks of a τ-bench folder as items: the customer's wish is the input, the actions are the expected
 * tool calls, and the required outputs are the expected output. Trials of a task are tries of one item.
 */
export function tauBenchItems({ tasks }: TauBench): { count: number; batches: DatasetChange[][] } {
  const items = tasks.map(({ id, user_id, instruction, actions, outputs }): DatasetChange => {
    const expectedToolCalls = actions.map(({ name, kwargs }) => ({ name, arguments: kwargs }));
    const content = {
      input: { instruction, user: user_id },
      expectedOutput: { outputs },
      expectedToolCalls,
      metadata: { domain: "airline", task: id },
    };
    return { kind: "put", id: `task-${id}`, content: DatasetItemContent.parse(content), place: `tasks.json, [${id}]` };
  });
  const batches = Array.from({ length: Math.ceil(items.length / BATCH_ITEMS) }, (_, at) =>
    items.slice(at * BATCH_ITEMS, (at + 1) * BATCH_ITEMS),
  );
  return { count: items.length, batches };
}
