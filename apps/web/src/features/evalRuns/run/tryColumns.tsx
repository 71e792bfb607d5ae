import type { RouterOutputs } from "@signalbox/api/client";
import { lineText } from "@signalbox/model";
import { Badge } from "../../../components/ui/badge/Badge.tsx";
import type { Column } from "../../../components/ui/table/DataTable.tsx";
import { formatCount } from "../../../format/amounts.ts";
import { formatScore } from "../../../format/scores.ts";
import { TraceLink, type TryRow } from "./TryDialog.tsx";

/** The columns of a run's tries: what went in and came out, and a column for each of the first scorers. */
export function tryColumns(detail: RouterOutputs["evalRuns"]["read"], project: string): Column<TryRow>[] {
  const scorers = detail.scorers.slice(0, 6);
  return [
    {
      id: "input",
      header: "Input",
      width: "minmax(10rem, 3fr)",
      cell: ({ input, itemId, trial }) => (
        <span className="truncate">
          {lineText(input) || itemId}
          {detail.run.trials > 1 && <span className="text-faint"> · {trial + 1}</span>}
        </span>
      ),
    },
    {
      id: "answer",
      header: "Answer",
      width: "minmax(10rem, 3fr)",
      cell: ({ error, output }) =>
        error === null ? (
          <span className="truncate text-muted">{lineText(output)}</span>
        ) : (
          <span className="truncate text-danger" title={error}>
            {error}
          </span>
        ),
    },
    ...scorers.map(
      ({ name }, index): Column<TryRow> => ({
        id: `score-${name}`,
        header: <span className="truncate">{name}</span>,
        width: "6.5rem",
        align: "end",
        ...(index === 0 ? {} : { hideBelowPx: 700 + 110 * index }),
        cell: ({ scores }) => {
          const score = scores.find((one) => one.name === name);
          if (score === undefined || score.isFailure) return <span title={score?.explanation}>–</span>;
          return <Badge tone={score.passed === null ? "plain" : score.passed ? "clear" : "danger"}>{formatScore(score.value)}</Badge>;
        },
      }),
    ),
    {
      id: "item",
      header: "Item",
      width: "7rem",
      hideBelowPx: 1_000,
      cell: ({ itemId }) => (
        <span className="truncate font-mono text-xs text-faint" title={itemId}>
          {itemId}
        </span>
      ),
    },
    {
      id: "latency",
      header: "Took",
      width: "5rem",
      align: "end",
      hideBelowPx: 640,
      cell: ({ latencyMs }) => `${formatCount(Math.round(latencyMs))} ms`,
    },
    {
      id: "trace",
      header: "",
      width: "5rem",
      cell: ({ traceId }) => (
        <span className="relative z-1">
          <TraceLink traceId={traceId} project={project} label="Trace" />
        </span>
      ),
    },
  ];
}
