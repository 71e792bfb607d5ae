import Link from "next/link";
import { StatusMark } from "../../../../components/ui/badge/StatusMark.tsx";
import type { Column } from "../../../../components/ui/table/DataTable.tsx";
import { MiddleCut } from "../../../../components/ui/text/MiddleCut.tsx";
import { TimeText } from "../../../../components/ui/text/TimeText.tsx";
import { formatCount } from "../../../../format/amounts.ts";
import { formatDuration, nanosBetween } from "../../../../format/duration.ts";
import type { Clock } from "../../../../format/time.ts";
import { sessionLink, userLink } from "../../../../project/ownerLink.ts";
import { ScoreSummary } from "../filters/ScoreChip.tsx";
import { CostAmount, Tokens } from "./Amount.tsx";
import type { TraceRow } from "./traceRow.ts";

/** Every column by its id, which the URL uses, in display order. */
export const COLUMN_LABELS = {
  time: "Started",
  name: "Name",
  status: "Status",
  duration: "Duration",
  durationBar: "Duration bar",
  spans: "Spans",
  kind: "Kind of root",
  service: "Service",
  model: "Model",
  tokens: "Tokens in, out",
  cost: "Cost",
  user: "User",
  session: "Session",
  tags: "Tags",
  scores: "Scores",
} as const;

export type ColumnId = keyof typeof COLUMN_LABELS;

/** The columns of a list whose link names none. */
export const DEFAULT_COLUMNS = [
  "time",
  "name",
  "status",
  "duration",
  "durationBar",
  "spans",
  "model",
  "tokens",
  "cost",
  "user",
  "session",
  "scores",
] as const satisfies readonly ColumnId[];

/** The inputs of a cell: `hrefOf` is a trace's URL with the list it was opened from, `project` the traces' project. */
type Doings = { hrefOf: (row: TraceRow) => string; project: string; longestNs: number; clock: Clock };

/** The columns of a list. Those named in its link are shown even if the list is narrow. */
export function shownColumns(chosen: readonly string[] | null, doings: Doings): Column<TraceRow>[] {
  const columns = traceColumns(doings);
  if (chosen === null) return columns.filter(({ id }) => DEFAULT_COLUMNS.some((each) => each === id));
  return columns.filter(({ id }) => id === "name" || chosen.includes(id)).map(({ hideBelowPx: _, ...column }) => column);
}

const durationOf = (row: TraceRow): number => nanosBetween(row.startTimeUnixNano, row.endTimeUnixNano);

/** The longest duration of some rows, as the common scale of their bars. */
export function longestOf(rows: readonly TraceRow[]): number {
  return rows.reduce((longest, row) => Math.max(longest, durationOf(row)), 1);
}

function traceColumns({ hrefOf, project, longestNs, clock }: Doings): (Column<TraceRow> & { id: ColumnId })[] {
  return [
    {
      id: "time",
      header: "Started",
      width: clock === "relative" ? "6rem" : "10rem",
      cell: (row) => <TimeText unixNano={row.startTimeUnixNano} />,
    },
    {
      id: "name",
      header: "Name",
      width: "minmax(10rem, 4fr)",
      cell: (row) => (
        <span className="flex min-w-0 items-baseline gap-2">
          <Link
            href={hrefOf(row)}
            prefetch={false}
            tabIndex={-1}
            title={row.name}
            className="max-w-full shrink-0 truncate font-medium text-ink after:absolute after:inset-0 hover:underline"
          >
            {row.name}
          </Link>
          {row.preview !== null && (
            <span className="truncate text-sm text-faint" title={row.preview}>
              {row.preview}
            </span>
          )}
        </span>
      ),
    },
    {
      id: "status",
      header: "Status",
      width: "6rem",
      cell: (row) => (
        <span className="flex min-w-0 items-center gap-1.5 text-sm">
          <StatusMark status={row.status} hideLabel={row.status !== "error"} />
          {row.status === "incomplete" && <span className="truncate text-caution">no root yet</span>}
          {row.errors > 0 && row.status === "ok" && (
            <span className="truncate text-danger" title="The root span succeeded, spans inside failed">
              {formatCount(row.errors)} {row.errors === 1 ? "error" : "errors"}
            </span>
          )}
        </span>
      ),
    },
    {
      id: "duration",
      header: "Duration",
      width: "5rem",
      align: "end",
      hideBelowPx: 480,
      cell: (row) => formatDuration(durationOf(row)),
    },
    {
      id: "durationBar",
      header: <span className="sr-only">Duration beside the longest</span>,
      width: "4.5rem",
      hideBelowPx: 1_250,
      cell: (row) => <DurationBar share={durationOf(row) / longestNs} />,
    },
    { id: "spans", header: "Spans", width: "4rem", align: "end", hideBelowPx: 1_280, cell: (row) => formatCount(row.spans) },
    { id: "kind", header: "Kind", width: "6rem", cell: (row) => <span className="truncate text-muted">{row.kind}</span> },
    {
      id: "service",
      header: "Service",
      width: "minmax(5rem, 0.6fr)",
      cell: (row) => (
        <span className="truncate text-muted" title={row.service}>
          {row.service}
        </span>
      ),
    },
    {
      id: "model",
      header: "Model",
      width: "minmax(6rem, 0.9fr)",
      hideBelowPx: 1_000,
      cell: (row) => (
        <span className="truncate text-muted" title={row.models.join(", ")}>
          {row.models.join(", ") || <span className="text-faint">–</span>}
        </span>
      ),
    },
    {
      id: "tokens",
      header: "Tokens in, out",
      width: "7.5rem",
      hideBelowPx: 860,
      align: "end",
      cell: (row) => <Tokens input={row.inputTokens} output={row.outputTokens} isEstimate={row.usageIsEstimate} />,
    },
    { id: "cost", header: "Cost", width: "5rem", align: "end", hideBelowPx: 680, cell: (row) => <CostAmount sums={row} /> },
    {
      id: "user",
      header: "User",
      width: "minmax(6rem, 0.7fr)",
      hideBelowPx: 1_350,
      cell: ({ user }) => (user === null ? NOTHING_NAMED : <OwnerLink id={user} href={userLink(user, project)} what="user" />),
    },
    {
      id: "session",
      header: "Session",
      width: "minmax(6.5rem, 1.5fr)",
      hideBelowPx: 1_000,
      cell: ({ session }) =>
        session === null ? NOTHING_NAMED : <OwnerLink id={session} href={sessionLink(session, project)} what="session" />,
    },
    {
      id: "tags",
      header: "Tags",
      width: "minmax(6rem, 0.7fr)",
      cell: ({ tags }) => (
        <span className="truncate text-muted" title={tags.join(", ")}>
          {tags.length === 0 ? NOTHING_NAMED : tags.join(", ")}
        </span>
      ),
    },
    {
      id: "scores",
      header: "Scores",
      width: "minmax(7.5rem, 0.6fr)",
      hideBelowPx: 600,
      cell: (row) => (
        <span className="relative z-1 flex min-w-0">
          <ScoreSummary scores={row.scores} />
        </span>
      ),
    },
  ];
}

const NOTHING_NAMED = <span className="text-faint">–</span>;

/** The user or session of a trace, as a link to all of their traces. */
function OwnerLink({ id, href, what }: { id: string; href: string; what: "session" | "user" }) {
  return (
    <Link
      href={href}
      prefetch={false}
      tabIndex={-1}
      aria-label={id}
      title={`${id}\nOpen this ${what}`}
      className="relative z-1 min-w-0 font-mono text-xs text-muted hover:text-accent hover:underline"
    >
      <MiddleCut text={id} />
    </Link>
  );
}

/** A trace's duration relative to the longest in the list. */
function DurationBar({ share }: { share: number }) {
  return (
    <span aria-hidden className="h-1.5 w-full rounded-full bg-sunken">
      <span className="block h-full min-w-0.5 rounded-full bg-control" style={{ width: `${Math.min(100, share * 100)}%` }} />
    </span>
  );
}
