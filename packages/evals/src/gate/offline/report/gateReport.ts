import { correctedText } from "@signalbox/model";
import type { CorrectedMean } from "../../../calibration/judgedFigures.ts";
import type { OfflineVerdict } from "../judgeOffline.ts";

/** A metric that a judge scored: how far that one is to be believed, and the means as people would have had them, where they are known. */
export interface JudgedMetric {
  readonly metric: string;
  readonly judge: string;
  readonly words: string;
  readonly baseline: CorrectedMean | null;
  readonly candidate: CorrectedMean | null;
}

/** Each judge of a report in a sentence. */
export function judgeSentences({ judges }: GateReport): string[] {
  return judges.map(({ metric, judge, words, baseline, candidate }) => {
    const means = [
      baseline === null ? "" : `; the baseline's mean: ${correctedText(baseline)}`,
      candidate === null ? "" : `; the candidate's mean: ${correctedText(candidate)}`,
    ];
    return `${metric} (${judge}): ${words}${means.join("")}`;
  });
}

/** An offline verdict with what it was given: what every form of it is made of. `policy` is its name and hash; `runs` by name, the baseline null where there is none. */
export interface GateReport extends OfflineVerdict {
  readonly policy: { readonly name: string; readonly hash: string };
  readonly dataset: string;
  readonly candidate: string;
  readonly baseline: string | null;
  /** What is to be said of the judge behind each metric that has one. */
  readonly judges: readonly JudgedMetric[];
}
