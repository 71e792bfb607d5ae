import { type Evaluation, EvaluationAnswer } from "@signalbox/model";
import { collect } from "./collect.ts";
import type { ServiceClient } from "./serviceClient.ts";

/** The most tasks per request to the controller. */
const ASKED_MAX = 1_000;

/** Waits until the controller has evaluated every one of the tasks. */
export async function awaitEvaluations(
  controller: ServiceClient,
  taskIds: readonly string[],
  options: { stallMs: number; signal: AbortSignal },
): Promise<Map<string, Evaluation>> {
  const ask = async (missing: readonly string[]): Promise<Map<string, Evaluation>> => {
    const body = { taskIds: missing.slice(0, ASKED_MAX) };
    const { evaluations } = await controller.request({ method: "POST", path: "/v1/evaluations/query", body, answer: EvaluationAnswer });
    return new Map(evaluations.map((evaluation) => [evaluation.taskId, evaluation]));
  };
  return collect({ what: "evaluations", keys: taskIds, ask, ...options });
}
