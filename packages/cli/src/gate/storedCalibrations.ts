import { listJudgeCalibrations } from "@signalbox/db/annotations";
import type { JudgeCalibration } from "@signalbox/evals";
import { openStateStore } from "../projects/stateStore.ts";
import { hasStore, type RunPlace } from "./findRun.ts";
import type { FoundRun } from "./foundRun.ts";

/** Agreement beyond chance that could not be seen is none that a gate may count on. */
const UNSEEN = { value: 0, lower: 0, upper: 1 };

/** The records of the very judges behind a run's metrics, by metric, as `judge calibrate` kept them last: a judge that is told something else is another one, without a record. */
export async function storedCalibrations({ config, project }: RunPlace, { judges }: FoundRun): Promise<Record<string, JudgeCalibration>> {
  if (judges.size === 0 || !hasStore(config)) return {};
  await using store = openStateStore(config);
  const records = (await listJudgeCalibrations(store, project)).filter(({ scoreName, judge }) => judges.get(scoreName) === judge);
  return Object.fromEntries(
    records.map(({ scoreName, labels, record: { kappa } }) => {
      const { value, lower, upper } = kappa;
      return [scoreName, { labels, kappa: value === null ? UNSEEN : { value, lower, upper } }];
    }),
  );
}
