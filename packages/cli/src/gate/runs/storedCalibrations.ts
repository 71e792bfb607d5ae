import { listJudgeCalibrations } from "@signalbox/db/annotations";
import { gateCalibration, type JudgeCalibration } from "@signalbox/evals";
import { type JudgeCalibration as JudgeRecord, judgeStanding } from "@signalbox/model";
import { openStateStore } from "../../projects/stateStore.ts";
import { hasStore, type RunPlace } from "./findRun.ts";
import type { FoundRun } from "./foundRun.ts";

/** The calibration records of a project's judges, read where some run has a judge and there is a store. */
export async function storedRecords({ config, project }: RunPlace, runs: readonly FoundRun[]): Promise<JudgeRecord[]> {
  if (runs.every(({ judges }) => judges.size === 0) || !hasStore(config)) return [];
  await using store = openStateStore(config);
  return await listJudgeCalibrations(store, project);
}

/**
 * The latest records (by `judge calibrate`) of exactly the judges behind a run's metrics,
 * by metric: a judge with another instruction is another judge, without a record.
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
