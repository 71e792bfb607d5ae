import { listJudgeCalibrations } from "@signalbox/db/annotations";
import { gateCalibration, type JudgeCalibration } from "@signalbox/evals";
import { type JudgeCalibration as JudgeRecord, judgeStanding } from "@signalbox/model";
import { openStateStore } from "../projects/stateStore.ts";
import { hasStore, type RunPlace } from "./findRun.ts";
import type { FoundRun } from "./foundRun.ts";

/** The records of a project's judges, where any of some runs has a judge and a store is known. */
export async function storedRecords({ config, project }: RunPlace, runs: readonly FoundRun[]): Promise<JudgeRecord[]> {
  if (runs.every(({ judges }) => judges.size === 0) || !hasStore(config)) return [];
  await using store = openStateStore(config);
  return await listJudgeCalibrations(store, project);
}

/**
 * The records of the very judges behind a run's metrics, by metric, as `judge calibrate`
 * kept them last: a judge that is told something else is another one, without a record.
 */
export function calibrationsOf(records: readonly JudgeRecord[], { judges }: FoundRun): Record<string, JudgeCalibration> {
  return Object.fromEntries(
    [...judges].flatMap(([scoreName, judge]) => {
      const standing = judgeStanding(records, { scoreName, judge });
      if (!("calibration" in standing)) return [];
      const { labels, record } = standing.calibration;
      return [[scoreName, gateCalibration(labels, record.kappa)]];
    }),
  );
}
