import type { RouterOutputs } from "@signalbox/api/client";
import { Sparkline } from "../../components/chart/index.ts";
import { Badge } from "../../components/ui/badge/Badge.tsx";
import { WordBadge } from "../../components/ui/badge/WordBadge.tsx";
import type { Column } from "../../components/ui/table/DataTable.tsx";
import { TimeText } from "../../components/ui/text/TimeText.tsx";
import { formatCount } from "../../format/amounts.ts";
import { unixNanoOf } from "../../format/time.ts";
import { MessageCell, VersionsCell } from "./cells.tsx";
import { placeOf, serviceName } from "./place.ts";
import { CAUSES, TRENDS } from "./words.ts";

export type GroupRow = RouterOutputs["deadLetters"]["groups"]["groups"][number];

const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0);

/** A sparkline in words, for screen readers. */
function sparkText({ lettersPerStep }: GroupRow, rangeLabel: string): string {
  return `${rangeLabel}: ${formatCount(sum(lettersPerStep))} letters, at most ${formatCount(Math.max(0, ...lettersPerStep))} in one bar`;
}

/** The columns of the list of groups; `rangeLabel` names the time range of the sparklines. */
export function groupColumns({ hrefOf, rangeLabel }: { hrefOf: (row: GroupRow) => string; rangeLabel: string }): Column<GroupRow>[] {
  return [
    {
      id: "message",
      header: "How it failed",
      width: "minmax(14rem, 5fr)",
      cell: (row) => <MessageCell href={hrefOf(row)} message={row.message} isStrong />,
    },
    {
      id: "where",
      header: "Where",
      width: "minmax(8rem, 1.2fr)",
      hideBelowPx: 1_000,
      cell: ({ service, tool, errorClass }) => (
        <span className="truncate text-muted" title={`${placeOf(service, tool)}\n${errorClass}`}>
          {tool ?? serviceName(service)}
        </span>
      ),
    },
    {
      id: "cause",
      header: "Why no retry",
      width: "9rem",
      hideBelowPx: 900,
      cell: ({ causes }) => (
        <span className="relative z-1 flex min-w-0 gap-1">
          {causes.slice(0, 1).map((cause) => (
            <WordBadge key={cause} word={CAUSES[cause]} />
          ))}
          {causes.length > 1 && (
            <span className="text-xs text-faint" title={causes.map((cause) => CAUSES[cause].label).join(", ")}>
              and {causes.length - 1} more
            </span>
          )}
        </span>
      ),
    },
    {
      id: "spark",
      header: rangeLabel,
      width: "8rem",
      hideBelowPx: 640,
      cell: (row) => (
        <span className="relative z-1">
          <Sparkline counts={row.lettersPerStep} label={sparkText(row, rangeLabel)} />
        </span>
      ),
    },
    {
      id: "trend",
      header: "Trend",
      width: "minmax(6rem, 9.5rem)",
      hideBelowPx: 480,
      cell: (row) => (
        <span className="relative z-1 flex min-w-0 items-center gap-1">
          {row.newSince === null || row.trend !== "new" ? (
            <WordBadge word={TRENDS[row.trend]} />
          ) : (
            <Badge tone="danger" title="Its first letter is of this version, and earlier versions failed in other ways alone">
              <span className="truncate">New since {row.newSince}</span>
            </Badge>
          )}
        </span>
      ),
    },
    {
      id: "open",
      header: "Open",
      width: "4.5rem",
      align: "end",
      cell: ({ openCount }) =>
        openCount === 0 ? <span className="text-faint">0</span> : <span className="font-medium text-danger">{formatCount(openCount)}</span>,
    },
    { id: "all", header: "All", width: "4.5rem", align: "end", cell: ({ lettersCount }) => formatCount(lettersCount) },
    { id: "last", header: "Last failed", width: "7rem", cell: ({ lastFailedAt }) => <TimeText unixNano={unixNanoOf(lastFailedAt)} /> },
    {
      id: "first",
      header: "First failed",
      width: "7rem",
      hideBelowPx: 1_050,
      cell: ({ firstFailedAt }) => <TimeText unixNano={unixNanoOf(firstFailedAt)} />,
    },
    {
      id: "versions",
      header: "Versions",
      width: "minmax(6rem, 1fr)",
      hideBelowPx: 1_350,
      cell: ({ versions }) => <VersionsCell versions={versions} />,
    },
  ];
}
