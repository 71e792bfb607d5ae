import type { RouterOutputs } from "@signalbox/api/client";
import { WordBadge } from "../../components/ui/badge/WordBadge.tsx";
import type { Column } from "../../components/ui/table/DataTable.tsx";
import { TimeText } from "../../components/ui/text/TimeText.tsx";
import { formatCount } from "../../format/amounts.ts";
import { unixNanoOf } from "../../format/time.ts";
import { MessageCell, VersionsCell } from "./cells.tsx";
import { STATES } from "./words.ts";

export type LetterRow = RouterOutputs["deadLetters"]["letters"]["letters"][number];

/** The columns of a list of letters. */
export function letterColumns(hrefOf: (row: LetterRow) => string): Column<LetterRow>[] {
  return [
    {
      id: "last",
      header: "Last failed",
      width: "7rem",
      cell: ({ lastFailedAt }) => <TimeText unixNano={unixNanoOf(lastFailedAt)} />,
    },
    {
      id: "state",
      header: "State",
      width: "6.5rem",
      cell: ({ state }) => (
        <span className="relative z-1">
          <WordBadge word={STATES[state]} />
        </span>
      ),
    },
    {
      id: "message",
      header: "Message",
      width: "minmax(14rem, 3fr)",
      cell: (row) => <MessageCell href={hrefOf(row)} message={row.message} />,
    },
    {
      id: "what",
      header: "What",
      width: "minmax(7rem, 1fr)",
      hideBelowPx: 640,
      cell: ({ name, taskId }) => (
        <span className="truncate text-muted" title={taskId === null ? name : `${name}\n${taskId}`}>
          {name}
        </span>
      ),
    },
    {
      id: "run",
      header: <span title="1 at first; each redrive is another one">Run</span>,
      width: "3.5rem",
      align: "end",
      hideBelowPx: 800,
      cell: ({ run }) => formatCount(run),
    },
    {
      id: "attempts",
      header: "Attempts",
      width: "5rem",
      align: "end",
      hideBelowPx: 560,
      cell: ({ kind, attemptsCount }) => (kind === "task" ? formatCount(attemptsCount) : ""),
    },
    {
      id: "versions",
      header: "Version",
      width: "minmax(5rem, 1fr)",
      hideBelowPx: 960,
      cell: ({ versions }) => <VersionsCell versions={versions} />,
    },
  ];
}
