import { type Word as StateWord, WordBadge } from "../../../components/ui/badge/WordBadge.tsx";
import { type SimpleColumn, SimpleTable } from "../../../components/ui/table/SimpleTable.tsx";
import { formatChange, formatScore } from "../../../format/scores.ts";
import { JudgeBadge } from "../../judges/index.ts";
import type { Compared } from "./compared.ts";

type Word = Compared["comparisons"][number]["metrics"][number]["word"];

const WORDS = {
  regressed: { label: "Regressed", tone: "danger" },
  improved: { label: "Improved", tone: "clear" },
  equivalent: { label: "Equivalent within margin", tone: "accent" },
  not_enough_evidence: { label: "Not enough evidence", tone: "plain" },
} as const satisfies Record<Word, StateWord>;

type VerdictRow = {
  key: string;
  candidate: string;
  metric: Compared["comparisons"][number]["metrics"][number];
  judges: Compared["judges"];
};

/** A scorer's margin, and whether these items show that less than it is lost. */
function Margin({ metric: { margin, isNonInferior } }: Pick<VerdictRow, "metric">) {
  if (margin === null) return <span className="text-faint">none</span>;
  return (
    <span className="whitespace-nowrap tabular-nums">
      {formatScore(margin)}{" "}
      <span
        className={isNonInferior === true ? "text-clear" : "text-muted"}
        title={isNonInferior === true ? "A loss as large as this is ruled out." : "A loss as large as this is not ruled out."}
      >
        {isNonInferior === true ? "ruled out" : "not ruled out"}
      </span>
    </span>
  );
}

const VERDICT_COLUMNS: SimpleColumn<VerdictRow>[] = [
  { id: "candidate", header: "Candidate", cell: ({ candidate }) => <span className="whitespace-nowrap">{candidate}</span> },
  {
    id: "scorer",
    header: "Scorer",
    cell: ({ metric, judges }) => (
      <span className="flex items-center gap-2">
        <span className="font-medium">{metric.name}</span>
        {judges.map(({ judge, standing }) => (
          <JudgeBadge key={judge} standing={standing} />
        ))}
      </span>
    ),
  },
  {
    id: "word",
    header: "",
    cell: ({ metric: { word } }) => <WordBadge word={WORDS[word]} />,
  },
  { id: "baseline", header: "Baseline", align: "end", cell: ({ metric }) => formatScore(metric.baselineMean) },
  { id: "now", header: "Now", align: "end", cell: ({ metric }) => formatScore(metric.candidateMean) },
  { id: "change", header: "Change", align: "end", cell: ({ metric }) => formatChange(metric.difference) },
  {
    id: "interval",
    header: "Interval",
    cell: ({ metric: { lower, upper } }) => (
      <span className="whitespace-nowrap">
        {formatChange(lower)} to {formatChange(upper)}
      </span>
    ),
  },
  {
    id: "margin",
    header: <span title="How large a loss counts for nothing">Margin</span>,
    cell: ({ metric }) => <Margin metric={metric} />,
  },
  {
    id: "said",
    header: "",
    isElastic: true,
    isSpare: true,
    cell: ({ metric }) => (
      <span className="text-muted" title={metric.sentence}>
        {metric.sentence}
      </span>
    ),
  },
];

/** The conclusions on each scorer, for each candidate. */
export function Verdicts({ compared: { comparisons, runs, judges } }: { compared: Compared }) {
  const rows = comparisons.flatMap(({ metrics }, index) =>
    metrics.map((one) => ({
      ...{ key: `${index} ${one.name}`, candidate: runs[index + 1]?.name ?? "", metric: one },
      judges: judges.filter(({ scoreName }) => scoreName === one.name),
    })),
  );
  return (
    <div className="max-h-[35vh] shrink-0 overflow-y-auto border-b border-line bg-surface">
      <SimpleTable label="What can be said" columns={VERDICT_COLUMNS} rows={rows} rowKey={({ key }) => key} />
    </div>
  );
}
