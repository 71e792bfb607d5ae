import Link from "next/link";
import { WordBadge } from "../../../components/ui/badge/WordBadge.tsx";
import type { Column } from "../../../components/ui/table/DataTable.tsx";
import { formatDuration } from "../../../format/duration.ts";
import { divergencePlace, type KeptReplay, outcomeWord } from "../words.ts";

const NS_PER_MS = 1e6;

/** Where a replay parts from the record, or why it could not be replayed. */
function whatCame({ divergence, error }: KeptReplay): string {
  if (error !== null) return error.hint === undefined ? error.message : `${error.message} ${error.hint}`;
  return divergence === null ? "" : `parts at ${divergencePlace(divergence)}`;
}

/** The columns of a list of replays that were asked for together. */
export function batchColumns(hrefOf: (row: KeptReplay) => string): Column<KeptReplay>[] {
  return [
    {
      id: "outcome",
      header: "Outcome",
      width: "8rem",
      cell: (row) => (
        <span className="relative z-1">
          <WordBadge word={outcomeWord(row)} />
        </span>
      ),
    },
    {
      id: "name",
      header: "Task",
      width: "minmax(10rem, 1fr)",
      cell: (row) => (
        <Link
          href={hrefOf(row)}
          prefetch={false}
          tabIndex={-1}
          title={`${row.name}\n${row.taskId}`}
          className="min-w-0 truncate text-ink after:absolute after:inset-0 hover:underline"
        >
          {row.name}
        </Link>
      ),
    },
    {
      id: "what",
      header: "What came of it",
      width: "minmax(12rem, 3fr)",
      cell: (row) => (
        <span className="min-w-0 truncate text-muted" title={whatCame(row)}>
          {whatCame(row)}
        </span>
      ),
    },
    {
      id: "took",
      header: "Took",
      width: "6rem",
      align: "end",
      hideBelowPx: 720,
      cell: ({ startedAt, endedAt }) =>
        startedAt === null || endedAt === null ? "" : formatDuration((Date.parse(endedAt) - Date.parse(startedAt)) * NS_PER_MS),
    },
  ];
}
