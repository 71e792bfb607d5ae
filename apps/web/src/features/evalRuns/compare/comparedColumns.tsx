import Link from "next/link";
import type { Column } from "../../../components/ui/table/DataTable.tsx";
import { formatScore } from "../../../format/scores.ts";
import { tryTraceLink } from "../evalLinks.ts";
import type { Compared, ComparedRow } from "./compared.ts";

/** A scorer's mean over an item's repeats, with their spread if they differ. */
function ScoreCell({ row, run, metric }: { row: ComparedRow; run: number; metric: string }) {
  const cell = row.cells[run];
  const score = cell?.scores[metric];
  if (cell === null || cell === undefined || score === undefined) return <span className="text-faint">–</span>;
  const change = run === 0 ? 0 : (row.changes[run - 1]?.[metric] ?? 0);
  const tone = change < 0 ? "text-danger" : change > 0 ? "text-clear" : "";
  const spread = score.max > score.min ? ` ${cell.trials} repeats from ${formatScore(score.min)} to ${formatScore(score.max)}` : "";
  return (
    <span className={tone} title={`${formatScore(score.mean)}${spread}${cell.failed > 0 ? `, ${cell.failed} failed` : ""}`}>
      {change < 0 ? "↓ " : change > 0 ? "↑ " : ""}
      {formatScore(score.mean)}
      {spread !== "" && <span className="text-faint"> ±{formatScore((score.max - score.min) / 2)}</span>}
    </span>
  );
}

/** The short name of a run in a comparison. */
const sideName = (index: number, runs: number): string => (index === 0 ? "baseline" : runs === 2 ? "now" : String(index));

/** The traces of an item, one per run that has any. */
function TraceLinks({ row: { itemId, cells }, runs, project }: { row: ComparedRow; runs: Compared["runs"]; project: string }) {
  return (
    <span className="flex gap-2">
      {cells.map((cell, index) => {
        const run = runs[index];
        if (run === undefined || cell === null || cell.traceId === null) return null;
        return (
          <Link
            key={run.id}
            href={tryTraceLink(cell.traceId, project)}
            aria-label={`${sideName(index, runs.length)}: trace of ${itemId} in ${run.name}`}
            title={`Trace of ${itemId} in ${run.name}`}
            tabIndex={-1}
            className="text-accent underline underline-offset-2"
          >
            {sideName(index, runs.length)}
          </Link>
        );
      })}
    </span>
  );
}

/** An item side by side: its question, each scorer's mean in each run (of three scorers, or of `metric` only), and the traces. */
export function comparedColumns({ runs, metrics }: Compared, metric: string | null, project: string): Column<ComparedRow>[] {
  const shown = metric === null ? metrics.slice(0, 3) : [metric];
  return [
    {
      id: "asked",
      header: "Asked",
      width: "minmax(14rem, 3fr)",
      cell: ({ asked, itemId }) => (
        <span className="truncate" title={asked || itemId}>
          {asked || itemId}
        </span>
      ),
    },
    {
      id: "item",
      header: "Item",
      width: "minmax(6rem, 1fr)",
      cell: ({ itemId }) => (
        <span className="truncate font-mono text-xs text-muted" title={itemId}>
          {itemId}
        </span>
      ),
    },
    ...shown.flatMap((name) =>
      runs.map(
        (run, index): Column<ComparedRow> => ({
          id: `${name}-${run.id}`,
          header: (
            <span className="truncate" title={`${name} of ${run.name}`}>
              {name} · {sideName(index, runs.length)}
            </span>
          ),
          width: "9rem",
          align: "end",
          cell: (row) => <ScoreCell row={row} run={index} metric={name} />,
        }),
      ),
    ),
    {
      id: "traces",
      header: "Traces",
      width: "9rem",
      cell: (row) => <TraceLinks row={row} runs={runs} project={project} />,
    },
  ];
}
