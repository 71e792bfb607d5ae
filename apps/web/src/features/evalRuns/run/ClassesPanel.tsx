"use client";
import type { RouterOutputs } from "@signalbox/api/client";
import { ArrowDown, ArrowRight } from "lucide-react";
import { useState } from "react";
import { Button } from "../../../components/ui/form/Button.tsx";
import { ScrollRegion } from "../../../components/ui/layout/ScrollRegion.tsx";
import { type SimpleColumn, SimpleTable } from "../../../components/ui/table/SimpleTable.tsx";
import { Fact } from "../../../components/ui/text/Facts.tsx";
import { formatCount } from "../../../format/amounts.ts";
import { formatScore } from "../../../format/scores.ts";

type Classes = RouterOutputs["evalRuns"]["read"]["classes"][number];
type Report = NonNullable<Classes["report"]>;
type ClassRow = Report["classes"][number];
type Confusion = Report["confusions"][number];

const shareText = (value: number | null): string => (value === null ? "–" : formatScore(value));

const CLASS_COLUMNS: SimpleColumn<ClassRow>[] = [
  { id: "label", header: "Class", isElastic: true, cell: ({ label }) => <span title={label}>{label}</span> },
  { id: "expected", header: "Expected", align: "end", cell: ({ expected }) => formatCount(expected) },
  { id: "given", header: "Given", align: "end", cell: ({ given }) => formatCount(given) },
  { id: "precision", header: "Precision", align: "end", cell: ({ precision }) => shareText(precision) },
  { id: "recall", header: "Recall", align: "end", cell: ({ recall }) => shareText(recall) },
  { id: "f1", header: "F1", align: "end", cell: ({ f1 }) => formatScore(f1) },
];

const CONFUSION_COLUMNS: SimpleColumn<Confusion>[] = [
  { id: "count", header: "Tries", align: "end", cell: ({ count }) => formatCount(count) },
  { id: "expected", header: "Expected", cell: ({ expected }) => expected },
  { id: "given", header: "Taken for", isElastic: true, cell: ({ given }) => given },
];

/** The strongest shade, in percent, on which a count is still readable. */
const SHADE_MAX = 45;

/** Expected classes in rows, given ones in columns; a cell is shaded by its share of the row. */
function ConfusionMatrix({ matrix: { labels, counts } }: { matrix: Report["matrix"] }) {
  return (
    <table aria-label="Confusion matrix" className="border-collapse text-xs tabular-nums">
      <thead>
        <tr>
          <th scope="col" className="px-2 pb-1 text-left align-bottom font-medium text-faint">
            Expected <ArrowDown className="inline size-3" aria-label="down," /> given{" "}
            <ArrowRight className="inline size-3" aria-label="across" />
          </th>
          {labels.map((label) => (
            <th key={label} scope="col" className="h-28 w-8 pb-1 align-bottom font-normal text-muted">
              <span title={label} className="inline-block max-h-28 rotate-180 truncate [writing-mode:vertical-rl]">
                {label}
              </span>
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {labels.map((expected, row) => {
          const total = counts[row]?.reduce((sum, count) => sum + count, 0) ?? 0;
          return (
            <tr key={expected}>
              <th scope="row" title={expected} className="max-w-48 truncate px-2 text-left font-normal text-muted">
                {expected}
              </th>
              {labels.map((given, column) => {
                const count = counts[row]?.[column] ?? 0;
                const shade = total === 0 ? 0 : Math.round((SHADE_MAX * count) / total);
                const mark = row === column ? "var(--clear-mark)" : "var(--danger-mark)";
                return (
                  <td
                    key={given}
                    title={`${expected} called ${given}: ${formatCount(count)}`}
                    className="h-7 min-w-8 border border-line text-center"
                    style={{ background: `color-mix(in oklab, ${mark} ${shade}%, transparent)` }}
                  >
                    {count === 0 ? "" : formatCount(count)}
                  </td>
                );
              })}
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

/** The report of a scorer that compares classes: its figures, the confusion matrix, and every class, weakest first. */
export function ClassesPanel({ classes: { scorer, report } }: { classes: Classes }) {
  const [isTable, setTable] = useState(false);
  if (report === null)
    return <p className="px-4 py-3 text-sm text-muted">{scorer}: there is no report, for there are no classes, or more than 200.</p>;
  const { matrix, classes, confusions } = report;
  return (
    <section aria-label={`Classes by ${scorer}`} className="flex flex-col gap-4 border-b border-line py-3">
      <dl className="flex flex-wrap items-baseline gap-x-7 gap-y-1.5 px-4">
        <Fact label="Scorer">{scorer}</Fact>
        <Fact label="Accuracy">{formatScore(report.accuracy)}</Fact>
        <Fact label="Macro F1">{formatScore(report.macroF1)}</Fact>
        <Fact label="Tries">{formatCount(report.rows)}</Fact>
      </dl>
      <div className="flex items-center gap-3 px-4">
        <h2 className="text-sm font-semibold">{isTable ? "What was taken for what" : "Confusion matrix"}</h2>
        {!isTable && classes.length > matrix.labels.length && (
          <span className="text-sm text-faint">
            the {matrix.labels.length} weakest of {formatCount(classes.length)} classes
          </span>
        )}
        <Button size="small" aria-pressed={isTable} {...(isTable ? { "data-pressed": "" } : {})} onClick={() => setTable(!isTable)}>
          As a list
        </Button>
      </div>
      {isTable ? (
        <SimpleTable
          label="What was taken for what"
          columns={CONFUSION_COLUMNS}
          rows={confusions}
          rowKey={({ expected, given }) => `${expected} ${given}`}
        />
      ) : (
        <ScrollRegion label="Confusion matrix" className="overflow-x-auto px-2">
          <ConfusionMatrix matrix={matrix} />
        </ScrollRegion>
      )}
      <h2 className="px-4 text-sm font-semibold">Classes, the weakest first</h2>
      <SimpleTable label="Classes" columns={CLASS_COLUMNS} rows={classes} rowKey={({ label }) => label} />
    </section>
  );
}
