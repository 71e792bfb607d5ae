import { calibrationError } from "../statistics/confidence/calibrationError.ts";
import { selectiveAccuracy } from "../statistics/confidence/selectiveAccuracy.ts";

/** A classifier's result on a row. `expected` is null for a row that is out of scope. */
export interface ClassifiedRow {
  readonly expected: string | null;
  readonly intent: string;
  readonly confidence: number;
  readonly abstained: boolean;
}

/** A classifier's scores. Shares from 0 to 1; null where no rows apply. */
export interface IntentScore {
  readonly rows: { readonly inScope: number; readonly outOfScope: number };
  /** Accuracy in scope, as if it never abstained. */
  readonly accuracy: number | null;
  /** Expected calibration error in scope, 15 bins of equal width. */
  readonly calibrationError: number | null;
  /** Accuracy in scope on the surest 90 % of the rows. */
  readonly accuracyOfSurest90: number | null;
  /** Answered correctly in scope, at the threshold, as a share of all rows in scope. */
  readonly accuracyAtThreshold: number | null;
  /** Answered in scope, at the threshold, as a share of all rows in scope. */
  readonly answeredShare: number | null;
  /** The share of out-of-scope rows on which it abstained. */
  readonly outOfScopeRecall: number | null;
}

const shareOf = <Row>(rows: readonly Row[], isCounted: (row: Row) => boolean): number | null =>
  rows.length === 0 ? null : rows.filter(isCounted).length / rows.length;

const COVERAGE = 0.9;

/** Scores a classifier's results on labelled rows. */
export function scoreIntents(rows: readonly ClassifiedRow[]): IntentScore {
  const inScope = rows.filter(({ expected }) => expected !== null);
  const outOfScope = rows.filter(({ expected }) => expected === null);
  const isRight = ({ expected, intent }: ClassifiedRow): boolean => intent === expected;
  const answers = inScope.map((row) => ({ confidence: row.confidence, isRight: isRight(row) }));
  return {
    rows: { inScope: inScope.length, outOfScope: outOfScope.length },
    accuracy: shareOf(inScope, isRight),
    calibrationError: answers.length === 0 ? null : calibrationError(answers),
    accuracyOfSurest90: answers.length === 0 ? null : selectiveAccuracy(answers, COVERAGE),
    accuracyAtThreshold: shareOf(inScope, (row) => !row.abstained && isRight(row)),
    answeredShare: shareOf(inScope, ({ abstained }) => !abstained),
    outOfScopeRecall: shareOf(outOfScope, ({ abstained }) => abstained),
  };
}
