"use client";
import type { Reconciliation } from "@signalbox/model";
import { Badge } from "../../components/ui/badge/Badge.tsx";
import { type SimpleColumn, SimpleTable } from "../../components/ui/table/SimpleTable.tsx";
import { formatCount } from "../../format/amounts.ts";
import { SOURCES } from "./words.ts";

type CountName = Exclude<keyof Reconciliation["counts"], "unread" | "journaled">;

/** The counts in the order in which a record passes them. "Nowhere" is shown even if it is zero. */
export const COUNTS: readonly { id: CountName; label: string; title: string }[] = [
  { id: "received", label: "Received", title: "Records in requests that could be read" },
  { id: "rejected", label: "Rejected", title: "Their sender was told, with the reason" },
  { id: "accepted", label: "Accepted", title: "Acknowledged, and so on disk: received − rejected" },
  { id: "made", label: "Made", title: "Rows made of them besides: spans of runs, scores in spans" },
  { id: "sampled", label: "Sampled out", title: "Left out by the project's sampling" },
  { id: "refused", label: "Refused", title: "Accepted, but no row could be made of them: kept, with the reason" },
  { id: "stored", label: "Stored", title: "Rows in the store: accepted + made − sampled out − refused − waiting" },
  { id: "deduplicated", label: "Replaced", title: "Rows whose place a later version took: sent again, or updated" },
  { id: "deleted", label: "Deleted", title: "Rows that were deleted on purpose, by tail sampling for one: counted by reason below" },
  { id: "missing", label: "Missing", title: "Rows that were stored and are nowhere" },
  {
    id: "readable",
    label: "Readable",
    title: "Rows that a reader finds, counted in the tables themselves: stored − replaced − deleted − missing",
  },
];

/** The fate of each source's records; a source can be selected. */
export function SourceTable({
  sources,
  chosen,
  onChoose,
}: {
  sources: readonly Reconciliation[];
  chosen: string | null;
  onChoose: (source: Reconciliation["source"] | null) => void;
}) {
  const columns: SimpleColumn<Reconciliation>[] = [
    {
      id: "source",
      header: "Source",
      cell: ({ source }) => (
        <button
          type="button"
          aria-pressed={source === chosen}
          onClick={() => onChoose(source === chosen ? null : source)}
          className="flex flex-col items-start py-1 text-left before:absolute before:inset-0"
        >
          <span className="whitespace-nowrap font-medium">{SOURCES[source].label}</span>
          <span className="whitespace-nowrap text-xs text-faint">{SOURCES[source].unit}</span>
        </button>
      ),
    },
    ...COUNTS.map(
      ({ id, label, title }): SimpleColumn<Reconciliation> => ({
        id,
        header: <span title={title}>{label}</span>,
        align: "end",
        cell: ({ counts }) => <CountCell count={counts[id]} isBad={id === "missing"} />,
      }),
    ),
    {
      id: "waiting",
      header: <span title="Accepted, and not in the store yet">Waiting</span>,
      align: "end",
      cell: ({ waiting }) => <CountCell count={waiting} isBad={false} />,
    },
    {
      id: "verdict",
      header: "",
      cell: ({ discrepancies }) =>
        discrepancies.length === 0 ? <Badge tone="clear">Adds up</Badge> : <Badge tone="danger">Does not add up</Badge>,
    },
  ];
  return (
    <SimpleTable
      label="Records by source"
      columns={columns}
      rows={sources}
      rowKey={({ source }) => source}
      isCurrent={({ source }) => source === chosen}
    />
  );
}

/** A count; zero is faint, unknown a question mark. */
export function CountCell({ count, isBad }: { count: number | null; isBad: boolean }) {
  if (count === null)
    return (
      <span className="text-faint" title="Too much came in to look for every row: choose a shorter time range">
        ?
      </span>
    );
  if (count === 0) return <span className="text-faint">0</span>;
  return <span className={isBad || count < 0 ? "font-semibold text-danger" : undefined}>{formatCount(count)}</span>;
}
