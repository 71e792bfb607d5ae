import type { ReplayReport, ReplaySide, ReplayStep, Step } from "@signalbox/model";

const toldOf = ({ step, attempt, stage, startedUs, finishedUs }: Step): ReplayStep => ({
  ...{ step, attempt, stage, durationMs: (finishedUs - startedUs) / 1_000, tokens: 0, costUsd: 0 },
});

const sideOf = (steps: readonly Step[]): ReplaySide => ({
  ...{ version: "1.0.0", status: "done", error: null, attempts: 1, steps: steps.map(toldOf), result: null, state: null },
  ...{ durationMs: 500 * steps.length, tokens: 0, costUsd: 0, verdict: null },
});

/** The report of a live replay of a task with the steps `replayed`, which diverges from the record at step `partsAt`. */
export function aReport(
  taskId: string,
  { recorded, replayed, partsAt }: { recorded: readonly Step[]; replayed: readonly Step[]; partsAt: number },
): ReplayReport {
  const at = (steps: readonly Step[]): unknown => steps.find(({ step }) => step === partsAt)?.stage.output ?? null;
  return {
    ...{ taskId, name: "a task", mode: "live", from: partsAt, outcome: "diverged", outcomeChanged: true },
    divergence: { step: partsAt, seq: null, field: "step.output", recorded: at(recorded), replayed: at(replayed) },
    ...{ refused: null, fromRecord: [], unasked: [], executed: { move: replayed.length } },
    ...{ askedCostUsd: 0.0012, hashes: { equal: 4, total: 9 } },
    ...{ recorded: sideOf(recorded), replayed: sideOf(replayed) },
  };
}
