import type { Evaluable } from "@signalbox/db/prisma";
import { type Judgement, judgeRun, type RunRuleName } from "@signalbox/evals";
import { type Evaluation, type Expectation, newId, type Scene, type Score, type ToolService } from "@signalbox/model";

/** A task's evaluation, and the same result as scores on its trace. */
export type EvaluatedTask = { evaluation: Evaluation; scores: Score[] };

/** Deletes all changes made in a scene. */
type DropOverlay = (scene: Scene) => Promise<void>;

/**
 * The state to which the expected actions lead in a pristine world. Each call uses an overlay of its own, which is deleted afterwards, so
 * that another evaluation of the task, unfinished or running, does not interfere.
 */
async function expectedState(tools: ToolService, drop: DropOverlay, { taskId, domain, world }: Evaluable, { actions }: Expectation) {
  const scene = { domain, world, overlay: `truth:${taskId}:${newId()}` };
  try {
    for (const [index, call] of actions.entries()) await tools.call({ scene, idempotencyKey: String(index), call });
    return await tools.state(scene);
  } finally {
    await drop(scene);
  }
}

/** Compares a finished task with the result of its expected actions. `evaluatedAt` is ISO 8601, UTC. */
export async function evaluateTask(tools: ToolService, drop: DropOverlay, task: Evaluable, evaluatedAt: string): Promise<EvaluatedTask> {
  const { taskId, project, traceId, domain, world, expectation, result } = task;
  const expected = await expectedState(tools, drop, task, expectation);
  const actual = await tools.state({ domain, world, overlay: taskId });
  const run = {
    ended: result?.ended ?? false,
    steps: result?.steps ?? 0,
    answers: result?.answers ?? [],
    finalState: actual.changed,
  };
  const { reward, judgements } = judgeRun(run, {
    outputs: expectation.outputs,
    endsWithin: expectation.endsWithin,
    finalState: expected.changed,
  });
  const evaluation: Evaluation = {
    taskId,
    reward,
    dataMatches: judgements.final_state.passed,
    outputsMatch: judgements.outputs.passed,
    dataHash: expected.dataHash,
  };
  const score = (name: string, { passed, reason }: Judgement): Score => ({
    project,
    traceId,
    spanId: null,
    name,
    value: passed ? 1 : 0,
    label: passed ? "pass" : "fail",
    explanation: reason,
    scorer: "signalbox",
    time: evaluatedAt,
  });
  const named = Object.entries(judgements) as [RunRuleName, Judgement][];
  const reasons = named.flatMap(([, { reason }]) => (reason === "" ? [] : [reason]));
  return {
    evaluation,
    scores: [
      score("reward", { passed: reward === 1, reason: reasons.join("; ") }),
      ...named.map(([name, judgement]) => score(name, judgement)),
    ],
  };
}
