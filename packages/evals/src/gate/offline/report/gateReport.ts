import type { JudgedMetric } from "@signalbox/model";
import type { OfflineVerdict } from "../judgeOffline.ts";

/** Each judge of a report in a sentence. */
export function judgeSentences({ judges }: Pick<GateReport, "judges">): string[] {
  return judges.map(({ metric, judge, words }) => `${metric} (${judge}): ${words}`);
}

/**
 * An offline verdict with what it was given: what every form of it is made of. `policy`
 * is its name and hash; `runs` by name, the baseline null where there is none.
 */
export interface GateReport extends OfflineVerdict {
  readonly policy: { readonly name: string; readonly hash: string };
  readonly dataset: string;
  readonly candidate: string;
  readonly baseline: string | null;
  /** What is to be said of the judge behind each metric that has one. */
  readonly judges: readonly JudgedMetric[];
}
