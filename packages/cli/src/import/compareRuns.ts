import { passHatK, trialCounts } from "@signalbox/evals";
import type { Evaluation, Task } from "@signalbox/model";
import type { RecordedTask } from "./recordedTask.ts";

/** A difference from the recording. `index` is the tool call's position in its conversation; null stands for a call that was never made. */
export interface Mismatch {
  taskId: number;
  trial: number;
  what: "toolOutput" | "reward" | "dataHash" | "dead";
  index?: number;
  recorded: string | null;
  ours: string | null;
}

/** The agreement of our run of the recorded conversations with the recordings. `passHatK` is of our rewards. */
export interface Comparison {
  trajectories: number;
  toolOutputs: { matched: number; total: number };
  rewards: { agreed: number; total: number };
  dataHashes: { agreed: number; total: number };
  passHatK: Record<string, number>;
  tasks: { done: number; dead: number };
  mismatches: Mismatch[];
}

/** A recorded conversation with the result of our run. */
export interface ComparedRun {
  recorded: RecordedTask;
  task: Task;
  evaluation: Evaluation;
}

/** The most differences that are listed. */
export const MISMATCHES_MAX = 20;

/** The number of decimals of figures. */
const FIGURE_DECIMALS = 4;

function outputMismatches({ recorded, task }: ComparedRun): Omit<Mismatch, "taskId" | "trial">[] {
  const expected = recorded.recorded.toolOutputs;
  const ours = task.result?.toolCalls.map(({ output }) => output) ?? [];
  const longer = Math.max(expected.length, ours.length);
  return Array.from({ length: longer }, (_, index) => ({ index, recorded: expected[index] ?? null, ours: ours[index] ?? null }))
    .filter(({ index }) => expected[index] !== ours[index])
    .map((difference) => ({ what: "toolOutput", ...difference }));
}

function mismatchesOf(run: ComparedRun): Mismatch[] {
  const { recorded, task, evaluation } = run;
  const { reward, gtDataHash } = recorded.recorded;
  const found: Omit<Mismatch, "taskId" | "trial">[] = outputMismatches(run);
  if (task.status === "dead") found.push({ what: "dead", recorded: "ended", ours: task.error ?? "" });
  if (evaluation.reward !== reward) found.push({ what: "reward", recorded: String(reward), ours: String(evaluation.reward) });
  if (gtDataHash !== null && evaluation.dataHash !== gtDataHash)
    found.push({ what: "dataHash", recorded: gtDataHash, ours: evaluation.dataHash });
  return found.map((mismatch) => ({ taskId: recorded.taskId, trial: recorded.trial, ...mismatch }));
}

function rounded(figures: Record<string, number>): Record<string, number> {
  return Object.fromEntries(Object.entries(figures).map(([k, figure]) => [k, Number(figure.toFixed(FIGURE_DECIMALS))]));
}

/** Compares our run of every conversation with its recording. Pure. */
export function compareRuns(runs: readonly ComparedRun[]): Comparison {
  const mismatches = runs.flatMap(mismatchesOf);
  const differing = (what: Mismatch["what"]): number =>
    mismatches.filter((mismatch) => mismatch.what === what && mismatch.recorded !== null).length;
  const outputs = runs.reduce((sum, { recorded }) => sum + recorded.recorded.toolOutputs.length, 0);
  const hashes = runs.filter(({ recorded }) => recorded.recorded.gtDataHash !== null).length;
  const dead = runs.filter(({ task }) => task.status === "dead").length;
  return {
    trajectories: runs.length,
    toolOutputs: { matched: outputs - differing("toolOutput"), total: outputs },
    rewards: { agreed: runs.length - differing("reward"), total: runs.length },
    dataHashes: { agreed: hashes - differing("dataHash"), total: hashes },
    passHatK: rounded(
      passHatK(trialCounts(runs.map(({ recorded, evaluation }) => ({ task: String(recorded.taskId), passed: evaluation.reward === 1 })))),
    ),
    tasks: { done: runs.length - dead, dead },
    mismatches: mismatches.slice(0, MISMATCHES_MAX),
  };
}

/** Whether everything agrees with the recordings. */
export function isWholeAgreement({ mismatches }: Comparison): boolean {
  return mismatches.length === 0;
}
