"use client";
import { latencyText, uncountedText } from "@signalbox/model";
import { WordBadge } from "../../components/ui/badge/WordBadge.tsx";
import { type SimpleColumn, SimpleTable } from "../../components/ui/table/SimpleTable.tsx";
import { formatCount, formatShare } from "../../format/amounts.ts";
import { formatDifference, formatEvidence, formatFigure } from "./amounts.ts";
import type { RolloutDetail, Verdict } from "./rolloutParams.ts";
import { NO_HARM, STANDINGS } from "./words.ts";

type Metric = Verdict["metrics"][number];

function columnsOf({ eHarmToRollBack, eSafeToPromote }: Verdict): SimpleColumn<Metric>[] {
  return [
    {
      id: "metric",
      header: "Metric",
      isElastic: true,
      cell: ({ name, role }) => (
        <span title={name}>
          <span className="font-medium">{name}</span> <span className="text-xs text-faint">{role}</span>
        </span>
      ),
    },
    {
      id: "standing",
      header: "Standing",
      cell: (metric) => <StandingBadge metric={metric} />,
    },
    { id: "candidate", header: "Candidate", align: "end", cell: ({ mean }) => formatFigure(mean.candidate) },
    { id: "stable", header: "Stable", align: "end", cell: ({ mean }) => formatFigure(mean.stable) },
    {
      id: "difference",
      header: (
        <span title="Candidate minus stable, within the same minutes, and the interval that it lies in whenever one looks">Difference</span>
      ),
      align: "end",
      cell: ({ difference, interval }) => (
        <span className="whitespace-nowrap">
          {formatDifference(difference)}
          {interval !== null && (
            <span className="text-faint">
              {" "}
              {formatDifference(interval.lower)} to {formatDifference(interval.upper)}
            </span>
          )}
        </span>
      ),
    },
    { id: "margin", header: "Margin", align: "end", cell: ({ margin }) => formatFigure(margin) },
    {
      id: "harm",
      header: <span title={`Evidence that it is worse. Their weighted mean rolls back at ${formatEvidence(eHarmToRollBack)}`}>Worse</span>,
      align: "end",
      cell: ({ eHarm }) => (
        <span className={eHarm !== null && eHarm >= eHarmToRollBack ? "font-semibold text-danger" : ""}>{formatEvidence(eHarm)}</span>
      ),
    },
    {
      id: "safe",
      header: <span title={`Evidence that it is within its margin: shown at ${formatEvidence(eSafeToPromote)}`}>Safe</span>,
      align: "end",
      cell: ({ eSafe }) => (
        <span className={eSafe !== null && eSafe >= eSafeToPromote ? "font-semibold text-clear" : ""}>{formatEvidence(eSafe)}</span>
      ),
    },
    {
      id: "units",
      header: <span title="Settled units of the candidate, and of the stable version">Units</span>,
      align: "end",
      isSpare: true,
      cell: ({ units }) => (
        <span className="whitespace-nowrap">
          {formatCount(units.candidate)} <span className="text-faint">/ {formatCount(units.stable)}</span>
        </span>
      ),
    },
  ];
}

/** The standing of a metric in a word. A count without a margin cannot be shown safe, and a limit has no standing. */
function StandingBadge({ metric: { role, standing, margin } }: { metric: Metric }) {
  if (role === "breaker") return <span className="text-faint">a limit</span>;
  return <WordBadge word={standing === "safe" && margin === null ? NO_HARM : STANDINGS[standing]} />;
}

/** The gate's knowledge of each metric, and what its last look did not count. */
export function GateTable({ verdict, lastLook }: { verdict: Verdict; lastLook: RolloutDetail["lastLook"] }) {
  const { eHarm, eHarmToRollBack, eSafeToPromote, split } = verdict;
  return (
    <>
      <SimpleTable
        label="What the gate knows"
        columns={columnsOf(verdict)}
        rows={verdict.metrics}
        rowKey={({ name }) => name}
        isCurrent={({ standing }) => standing === "worse"}
      />
      {verdict.metrics.map((metric) => {
        const text = latencyText(metric);
        return text === undefined ? null : (
          <p key={metric.name} className="border-t border-line px-4 py-2 text-sm text-muted tabular-nums">
            {text}
          </p>
        );
      })}
      <p className="border-t border-line px-4 py-2 text-sm text-muted tabular-nums">
        Evidence of harm, all guardrails together: <span className="font-medium text-ink">{formatEvidence(eHarm)}</span> of the{" "}
        {formatEvidence(eHarmToRollBack)} that roll back; each guardrail is safe at {formatEvidence(eSafeToPromote)}.{" "}
        {split.observed !== null &&
          (split.isOk
            ? `Nothing says that the split is wrong: ${formatShare(split.observed)} where ${formatShare(split.wanted)} are wanted.`
            : `The split is wrong: ${formatShare(split.observed)} where ${formatShare(split.wanted)} are wanted.`)}{" "}
        {lastLook !== null && uncountedText(lastLook, verdict.units)}
      </p>
    </>
  );
}
