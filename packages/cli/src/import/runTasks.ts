import { Task } from "@signalbox/model";
import { collect } from "./collect.ts";
import { forEachBounded } from "./forEachBounded.ts";
import type { RecordedTask } from "./recordedTask.ts";
import type { ServiceClient } from "./serviceClient.ts";

/**
 * The most concurrent requests to the gateway. It answers an admission only when the task is on disk, so this is also the back-pressure.
 */
const IN_FLIGHT_MAX = 8;

/** The number of tasks polled per round, in turns: some that never finish must not hide that others do. */
const ASKED_MAX = 32;

/** Options of a run of tasks. */
interface RunOptions {
  stallMs: number;
  signal: AbortSignal;
  isHeld?: () => Promise<boolean>;
  onProgress: (finished: number) => void;
}

const isFinished = ({ status }: Task): boolean => status === "done" || status === "dead";

/** Admits every task and waits until each is done or dead. A task from an earlier import is only waited for. */
export async function runTasks(
  gateway: ServiceClient,
  tasks: readonly Pick<RecordedTask, "id" | "request">[],
  options: RunOptions,
): Promise<Map<string, Task>> {
  await forEachBounded(tasks, IN_FLIGHT_MAX, async ({ request }) => {
    await gateway.request({ method: "POST", path: "/v1/tasks", body: request, answer: Task });
  });

  let asked = 0;
  const ask = async (missing: readonly string[]): Promise<Map<string, Task>> => {
    const finished = new Map<string, Task>();
    const first = asked % missing.length;
    const turn = [...missing.slice(first), ...missing.slice(0, first)].slice(0, ASKED_MAX);
    asked = first + turn.length;
    await forEachBounded(turn, IN_FLIGHT_MAX, async (id) => {
      const task = await gateway.request({ method: "GET", path: `/v1/tasks/${id}`, answer: Task });
      if (isFinished(task)) finished.set(id, task);
    });
    return finished;
  };
  return collect({ what: "finished tasks", keys: tasks.map(({ id }) => id), ask, ...options });
}
