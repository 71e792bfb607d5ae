import { countClasses } from "@signalbox/db/evalRuns";
import type { PrismaClient } from "@signalbox/db/prisma";
import { CLASSES_MAX, type ClassificationReport, classificationChoices, classificationReport, confusions } from "@signalbox/evals";
import type { EvalRun } from "@signalbox/model";

/** The most classes in a matrix, those with the lowest F1, and the most confusions in a list. */
const SHOWN_MAX = { classes: 24, confusions: 200 } as const;

/**
 * A scorer's classification report, weakest class first. `matrix` counts the weakest classes by expected (rows) and given (columns) class.
 */
interface ClassesSaid extends Pick<ClassificationReport, "rows" | "accuracy" | "macroF1" | "classes"> {
  readonly matrix: { readonly labels: readonly string[]; readonly counts: readonly (readonly number[])[] };
  readonly confusions: ReturnType<typeof confusions>;
}

function saidOf(report: ClassificationReport): ClassesSaid {
  const { rows, accuracy, macroF1, labels, confusion } = report;
  const classes = report.classes.toSorted((one, other) => one.f1 - other.f1);
  const weakest = new Set(classes.slice(0, SHOWN_MAX.classes).map(({ label }) => label));
  const shown = labels.flatMap((label, index) => (weakest.has(label) ? [index] : []));
  return {
    ...{ rows, accuracy, macroF1, classes },
    matrix: {
      labels: shown.map((index) => labels[index] ?? ""),
      counts: shown.map((row) => shown.map((column) => confusion[row]?.[column] ?? 0)),
    },
    confusions: confusions(report).slice(0, SHOWN_MAX.confusions),
  };
}

/** The reports of a run's scorers that compare classes; null where there are no classes, or too many for a report. */
export async function classesOfRun(prisma: PrismaClient, run: EvalRun): Promise<{ scorer: string; report: ClassesSaid | null }[]> {
  return Promise.all(
    classificationChoices(run.scorers).map(async ({ name, field }) => {
      const counts = await countClasses(prisma, run.id, { field, classesMax: CLASSES_MAX });
      const report = counts === undefined ? null : classificationReport(counts);
      return { scorer: name, report: report === null ? null : saidOf(report) };
    }),
  );
}
