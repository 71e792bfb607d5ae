/** The figures of one class. Shares from 0 to 1; null where the denominator is 0. */
export interface ClassFigures {
  readonly label: string;
  readonly expected: number;
  readonly given: number;
  readonly precision: number | null;
  readonly recall: number | null;
  readonly f1: number;
}

/**
 * A classifier's report. `confusion[i][j]` counts rows of class `labels[i]` that were
 * classified as `labels[j]`. `macroF1` is the mean F1 over all labels that were expected.
 */
export interface ClassificationReport {
  readonly rows: number;
  readonly accuracy: number;
  readonly macroF1: number;
  readonly classes: readonly ClassFigures[];
  readonly labels: readonly string[];
  readonly confusion: readonly (readonly number[])[];
}

/** The most classes in a report. */
export const CLASSES_MAX = 200;

/** The label for an answer without a class, or with one that was never expected. */
const NO_CLASS = "(no such class)";

/** The expected and the given class of `count` rows; a null `given` is none of the classes. */
export interface LabelledCount {
  readonly expected: string;
  readonly given: string | null;
  readonly count: number;
}

/** Accuracy, macro F1 and the confusion matrix of classified rows, with labels sorted by name. No rows: null. */
export function classificationReport(labelled: readonly LabelledCount[]): ClassificationReport | null {
  const counts = labelled.map((one) => ({ ...one, given: one.given ?? NO_CLASS }));
  const rows = counts.reduce((sum, { count }) => sum + count, 0);
  if (rows === 0) return null;
  const labels = [...new Set(counts.flatMap(({ expected, given }) => [expected, given]))].sort();
  const place = new Map(labels.map((label, index) => [label, index]));
  const confusion = labels.map(() => labels.map(() => 0));
  for (const { expected, given, count } of counts) {
    const [row, column] = [confusion[place.get(expected) ?? -1], place.get(given) ?? -1];
    if (row !== undefined) row[column] = (row[column] ?? 0) + count;
  }
  const classes = labels.map((label, index): ClassFigures => {
    const right = confusion[index]?.[index] ?? 0;
    const expected = confusion[index]?.reduce((sum, count) => sum + count, 0) ?? 0;
    const given = confusion.reduce((sum, row) => sum + (row[index] ?? 0), 0);
    return {
      label,
      expected,
      given,
      precision: given === 0 ? null : right / given,
      recall: expected === 0 ? null : right / expected,
      f1: (2 * right) / (expected + given),
    };
  });
  const expectedOnes = classes.filter(({ expected }) => expected > 0);
  return {
    rows,
    accuracy: labels.reduce((sum, _, index) => sum + (confusion[index]?.[index] ?? 0), 0) / rows,
    macroF1: expectedOnes.reduce((sum, { f1 }) => sum + f1, 0) / expectedOnes.length,
    classes,
    labels,
    confusion,
  };
}

/** Confused pairs of classes, most frequent first. */
export function confusions({ labels, confusion }: ClassificationReport): { expected: string; given: string; count: number }[] {
  return labels
    .flatMap((expected, row) => labels.map((given, column) => ({ expected, given, count: confusion[row]?.[column] ?? 0 })))
    .filter(({ expected, given, count }) => expected !== given && count > 0)
    .toSorted((one, other) => other.count - one.count);
}
