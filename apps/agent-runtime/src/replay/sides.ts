import { judgeRun } from "@signalbox/evals";
import type { ReplaySide, ReplayStep, ReplayVerdict, SceneState, Step, TaskRecording, TaskRequest, TaskResult } from "@signalbox/model";

function stepOf({ step, attempt, startedUs, finishedUs, stage, modelUse }: Step): ReplayStep {
  return {
    ...{ step, attempt, stage },
    durationMs: Math.max(0, (finishedUs - startedUs) / 1_000),
    tokens: (modelUse?.inputTokens ?? 0) + (modelUse?.outputTokens ?? 0),
    costUsd: modelUse?.call?.costUsd ?? 0,
  };
}

/** One side of a replay report, with the totals of its steps. */
export function sideOf(
  steps: readonly Step[],
  task: Pick<ReplaySide, "version" | "status" | "error" | "attempts" | "result" | "state" | "verdict">,
): ReplaySide {
  const told = steps.map(stepOf);
  const sum = (of: (step: ReplayStep) => number): number => told.reduce((total, step) => total + of(step), 0);
  return {
    ...task,
    steps: told,
    durationMs: sum(({ durationMs }) => durationMs),
    tokens: sum(({ tokens }) => tokens),
    costUsd: sum(({ costUsd }) => costUsd),
  };
}

/**
 * The scorers' verdict on a run; null if nothing was expected of it. The data is not inspected: `dataMatches` is what is known of it from a
 * run that did the same, or null.
 */
export function verdictOn({ expectation }: TaskRequest, result: TaskResult | null, dataMatches: boolean | null): ReplayVerdict | null {
  if (expectation === undefined) return null;
  const { ended = false, steps = 0, answers = [] } = result ?? {};
  const { judgements } = judgeRun(
    { ended, steps, answers, finalState: {} },
    { outputs: expectation.outputs, endsWithin: expectation.endsWithin, finalState: {} },
  );
  const finalState = dataMatches;
  const [outputs, ending] = [judgements.outputs.passed, judgements.ending.passed];
  const isLost = finalState === false || !outputs || !ending;
  return { reward: isLost ? 0 : finalState === null ? null : 1, finalState, outputs, ending };
}

/** The recorded side, with the verdict of that time; `state` is the final state of its data, if anyone read it. */
export function recordedSide(recording: TaskRecording, state: SceneState | null = null): ReplaySide {
  const { steps, attempts, status, error, result, requests, verdict } = recording;
  const request = requests.at(-1);
  const judged = request === undefined || verdict === null ? null : verdictOn(request, result, verdict.finalState);
  return sideOf(steps, {
    version: attempts.at(-1)?.version ?? "",
    status,
    error,
    attempts: attempts.length,
    result,
    state,
    verdict: judged,
  });
}
