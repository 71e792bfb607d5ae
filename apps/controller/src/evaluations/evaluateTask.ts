import type { Evaluable } from "@signalbox/db/prisma";
import { type Judgement, judgeRun, type ScorerName } from "@signalbox/evals";
import type { Evaluation, Expectation, Score, ToolService } from "@signalbox/model";

/** A task's evaluation, and the scores that tell the same on its trace. */
export type EvaluatedTask = { evaluation: Evaluation; scores: Score[] };

/**
 * The state that the expected actions lead to on a pristine world. A key per action makes it the same state however often this is begun.
 */
async function expectedState(tools: ToolService, { taskId, world }: Evaluable, { actions }: Expectation) {
  const scene = { world, overlay: `truth:${taskId}` };
  for (const [index, call] of actions.entries()) {
    await tools.call({ scene, idempotencyKey: `${taskId}:expected:${index}`, call });
  }
  return tools.state(scene);
}

/** Compares a finished task with what its expected actions lead to. `evaluatedAt` is ISO 8601, UTC. */
export async function evaluateTask(tools: ToolService, task: Evaluable, evaluatedAt: string): Promise<EvaluatedTask> {
  const { taskId, project, traceId, world, expectation, result } = task;
  const expected = await expectedState(tools, task, expectation);
  const actual = await tools.state({ world, overlay: taskId });
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
  const named = Object.entries(judgements) as [ScorerName, Judgement][];
  const reasons = named.flatMap(([, { reason }]) => (reason === "" ? [] : [reason]));
  return {
    evaluation,
    scores: [
      score("reward", { passed: reward === 1, reason: reasons.join("; ") }),
      ...named.map(([name, judgement]) => score(name, judgement)),
    ],
  };
}
