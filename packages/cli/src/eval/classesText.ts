import { CLASSES_MAX, type ClassificationReport, confusions } from "@signalbox/evals";
import { textTable } from "../commandLine/textTable.ts";

/** The report of a scorer that compares classes; null where there are no classes, or too many. */
export interface ClassesOfScorer {
  scorer: string;
  report: ClassificationReport | null;
}

/** The most classes (lowest F1 first) and confusions that are listed for people. */
const TOLD_MAX = { classes: 20, confusions: 10 } as const;

const share = (value: number | null): string => (value === null ? "" : value.toFixed(3));

const more = (count: number, what: string): string[] => (count > 0 ? [`and ${count} more ${what}; --json has all`] : []);

/** A classification report for people. */
export function classesText({ scorer, report }: ClassesOfScorer): string {
  if (report === null) return `\n${scorer}: no report, it is made of 1 to ${CLASSES_MAX} classes.`;
  const worst = report.classes.toSorted((one, other) => one.f1 - other.f1);
  const taken = confusions(report);
  return [
    `\n${scorer}: accuracy ${share(report.accuracy)}, macro F1 ${share(report.macroF1)} over ${report.rows} tries`,
    textTable([
      ["class", "expected", "given", "precision", "recall", "F1"],
      ...worst
        .slice(0, TOLD_MAX.classes)
        .map(({ label, expected, given, precision, recall, f1 }) => [
          ...[label, String(expected), String(given)],
          ...[share(precision), share(recall), share(f1)],
        ]),
    ]),
    ...more(worst.length - TOLD_MAX.classes, "classes"),
    ...(taken.length === 0
      ? []
      : [
          textTable([
            ["", "expected", "taken for"],
            ...taken.slice(0, TOLD_MAX.confusions).map(({ expected, given, count }) => [String(count), expected, given]),
          ]),
        ]),
    ...more(taken.length - TOLD_MAX.confusions, "confusions"),
  ].join("\n");
}
