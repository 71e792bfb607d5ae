import type { JudgedMetric } from "@signalbox/model";
import type { OfflineVerdict } from "../judgeOffline.ts";

/** Each judge of a report in a sentence. */
export function judgeSentences({ judges }: Pick<GateReport, "judges">): string[] {
  return judges.map(({ metric, judge, words }) => `${metric} (${judge}): ${words}`);
}

/**
 * An offline verdict with its inputs, from which every report format is made. `policy` is
 * its name and hash; `runs` are the runs' names, the baseline null where there is none.
 */
export interface GateReport extends OfflineVerdict {
  readonly policy: { readonly name: string; readonly hash: string };
  readonly dataset: string;
  readonly candidate: string;
  readonly baseline: string | null;
  /** The judge behind each metric that has one, with its standing. */
  readonly judges: readonly JudgedMetric[];
}
