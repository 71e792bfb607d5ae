import { type ClickHouseClient, insertScores } from "@signalbox/db/clickhouse";
import { dropOverlay, listEvaluable, type PrismaClient, storeEvaluation } from "@signalbox/db/prisma";
import { type Loop, openLoop } from "@signalbox/listener";
import type { Scene, ToolService } from "@signalbox/model";
import type { Logger } from "pino";
import type { Counter } from "prom-client";
import { evaluateTask } from "./evaluateTask.ts";

/** What the loop works with. `clock` answers milliseconds since 1970; `evaluated` counts by outcome. */
export type EvaluationParts = {
  prisma: PrismaClient;
  clickhouse: ClickHouseClient;
  tools: ToolService;
  clock: () => number;
  log: Logger;
  pauseMs: number;
  evaluated: Counter<"outcome">;
};

/** How many tasks a round takes up, and how many of them at once. */
const ROUND_TASKS = 64;
const IN_FLIGHT = 8;

/** How long a task that could not be evaluated waits for its next turn. */
const POSTPONED_MS = 5_000;

/**
 * Evaluates tasks as they finish. Scores are stored before the evaluation, and both are the same whoever stores them again: a kill at any
 * moment leaves a task that the next round takes up once more. One that cannot be evaluated waits, and keeps no other from its turn.
 */
export function openEvaluationLoop({ prisma, clickhouse, tools, clock, log, pauseMs, evaluated }: EvaluationParts): Loop {
  const postponed = new Map<string, number>();
  const drop = (scene: Scene): Promise<void> => dropOverlay(prisma, scene);

  const evaluateOne = async (task: Awaited<ReturnType<typeof listEvaluable>>[number]): Promise<void> => {
    try {
      const { evaluation, scores } = await evaluateTask(tools, drop, task, task.finishedAt.toISOString());
      await insertScores(clickhouse, scores, `evaluation:${task.taskId}:${task.finishedAt.getTime()}`);
      await storeEvaluation(prisma, evaluation, { finishedAt: task.finishedAt, evaluatedAt: new Date(clock()) });
      evaluated.inc({ outcome: evaluation.reward === 1 ? "passed" : "failed" });
      postponed.delete(task.taskId);
    } catch (error) {
      evaluated.inc({ outcome: "postponed" });
      log.warn({ err: error, taskId: task.taskId }, "not evaluated yet");
      postponed.set(task.taskId, clock() + POSTPONED_MS);
    }
  };

  return openLoop("evaluations", pauseMs, log, async () => {
    const waiting = await listEvaluable(prisma, ROUND_TASKS + postponed.size);
    const queue = waiting.filter(({ taskId }) => clock() >= (postponed.get(taskId) ?? 0));
    const next = queue.length >= ROUND_TASKS ? "more" : "idle";
    const lane = async (): Promise<void> => {
      for (let task = queue.shift(); task !== undefined; task = queue.shift()) await evaluateOne(task);
    };
    await Promise.all(Array.from({ length: IN_FLIGHT }, lane));
    return next;
  });
}
