import { type ClickHouseClient, insertScores } from "@signalbox/db/clickhouse";
import { dropOverlay, type Evaluable, listEvaluable, type PrismaClient, storeEvaluation } from "@signalbox/db/prisma";
import { type Loop, openLoop } from "@signalbox/listener";
import { AppError, type Scene, type ToolService } from "@signalbox/model";
import type { Logger } from "pino";
import type { Counter } from "prom-client";
import { evaluateTask } from "./evaluateTask.ts";
import { judgeFailure } from "./judgeFailure.ts";

/** Dependencies of the loop. `clock` returns milliseconds since 1970; `evaluated` counts by outcome. */
export type EvaluationParts = {
  prisma: PrismaClient;
  clickhouse: ClickHouseClient;
  tools: ToolService;
  clock: () => number;
  log: Logger;
  pauseMs: number;
  evaluated: Counter<"outcome">;
};

/** How many tasks a round takes, and below, how many of them at once. */
const ROUND_TASKS = 64;
const IN_FLIGHT = 8;

/** A task whose evaluation failed, `failures` times in a row since its last run finished; `until` is in milliseconds since 1970. */
type Postponed = { finishedAt: number; failures: number; until: number };

/**
 * Evaluates tasks as they finish. Scores are stored before the evaluation, and storing both again gives the same: a kill at any moment
 * leaves a task that the next round takes again. A task that cannot be evaluated waits, longer each time, and delays no other; one that can
 * never succeed is tried again after its next run, or by the next controller.
 */
export function openEvaluationLoop({ prisma, clickhouse, tools, clock, log, pauseMs, evaluated }: EvaluationParts): Loop {
  const postponed = new Map<string, Postponed>();
  const drop = (scene: Scene): Promise<void> => dropOverlay(prisma, scene);

  const setAside = ({ taskId, finishedAt }: Evaluable, error: unknown): void => {
    const before = postponed.get(taskId);
    const failures = before?.finishedAt === finishedAt.getTime() ? before.failures + 1 : 1;
    const verdict = judgeFailure(error, failures);
    const isGivenUp = verdict.kind === "give_up";
    postponed.set(taskId, { finishedAt: finishedAt.getTime(), failures, until: isGivenUp ? Infinity : clock() + verdict.delayMs });
    evaluated.inc({ outcome: isGivenUp ? "given_up" : "postponed" });
    const told = error instanceof AppError ? { taskId, reason: error.message } : { taskId, err: error };
    if (isGivenUp) log.error(told, "cannot be evaluated");
    else log.warn(told, "not evaluated yet");
  };
  const isDue = ({ taskId, finishedAt }: Evaluable): boolean => {
    const set = postponed.get(taskId);
    return set?.finishedAt !== finishedAt.getTime() || clock() >= set.until;
  };

  const evaluateOne = async (task: Evaluable): Promise<void> => {
    try {
      const { evaluation, scores } = await evaluateTask(tools, drop, task, task.finishedAt.toISOString());
      await insertScores(clickhouse, scores, `evaluation:${task.taskId}:${task.finishedAt.getTime()}`);
      await storeEvaluation(prisma, evaluation, { finishedAt: task.finishedAt, evaluatedAt: new Date(clock()) });
      evaluated.inc({ outcome: evaluation.reward === 1 ? "passed" : "failed" });
      postponed.delete(task.taskId);
    } catch (error) {
      setAside(task, error);
    }
  };

  return openLoop("evaluations", pauseMs, log, async () => {
    const waiting = await listEvaluable(prisma, ROUND_TASKS + postponed.size);
    const queue = waiting.filter(isDue);
    const next = queue.length >= ROUND_TASKS ? "more" : "idle";
    const lane = async (): Promise<void> => {
      for (let task = queue.shift(); task !== undefined; task = queue.shift()) await evaluateOne(task);
    };
    await Promise.all(Array.from({ length: IN_FLIGHT }, lane));
    return next;
  });
}
