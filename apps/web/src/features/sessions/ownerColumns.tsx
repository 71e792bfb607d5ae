import Link from "next/link";
import type { Column } from "../../components/ui/table/DataTable.tsx";
import { MiddleCut } from "../../components/ui/text/MiddleCut.tsx";
import { TimeText } from "../../components/ui/text/TimeText.tsx";
import { formatCount } from "../../format/amounts.ts";
import { formatDuration, nanosBetween } from "../../format/duration.ts";
import { CostAmount, Tokens } from "../traces/index.ts";
import type { OwnerRow } from "./OwnerList.tsx";

/** The links of an id. */
type Links = { hrefOf: (row: OwnerRow) => string; hrefOfOther: (id: string) => string };

const NOBODY = <span className="text-faint">–</span>;

const activity = (header: string): Column<OwnerRow> => ({
  id: "last",
  header,
  width: "8rem",
  cell: (row) => <TimeText unixNano={row.lastUnixNano} />,
});

const id = (header: string, hrefOf: Links["hrefOf"]): Column<OwnerRow> => ({
  id: "id",
  header,
  width: "minmax(10rem, 3fr)",
  cell: (row) => (
    <Link
      href={hrefOf(row)}
      prefetch={false}
      tabIndex={-1}
      aria-label={row.id}
      title={row.id}
      className="min-w-0 font-mono text-sm font-medium text-ink after:absolute after:inset-0 hover:underline"
    >
      <MiddleCut text={row.id} />
    </Link>
  ),
});

const counts = (traces: string): Column<OwnerRow>[] => [
  { id: "traces", header: traces, width: "5rem", align: "end", cell: (row) => formatCount(row.traces) },
  {
    id: "failed",
    header: "Failed",
    width: "4.5rem",
    align: "end",
    hideBelowPx: 480,
    cell: (row) =>
      row.failed === 0 ? <span className="text-faint">0</span> : <span className="text-danger">{formatCount(row.failed)}</span>,
  },
];

const amounts: Column<OwnerRow>[] = [
  {
    id: "tokens",
    header: "Tokens in, out",
    width: "9rem",
    align: "end",
    hideBelowPx: 760,
    cell: (row) => <Tokens input={row.inputTokens} output={row.outputTokens} isEstimate={row.usageIsEstimate} />,
  },
  { id: "cost", header: "Cost", width: "6rem", align: "end", hideBelowPx: 560, cell: (row) => <CostAmount sums={row} /> },
];

const models: Column<OwnerRow> = {
  id: "models",
  header: "Models",
  width: "minmax(6rem, 1fr)",
  hideBelowPx: 1_150,
  cell: (row) => (
    <span className="truncate text-muted" title={row.models.join(", ")}>
      {row.models.length === 0 ? NOBODY : row.models.join(", ")}
    </span>
  ),
};

/** The columns of a list of sessions. */
export function sessionColumns({ hrefOf, hrefOfOther }: Links): Column<OwnerRow>[] {
  return [
    activity("Last active"),
    id("Session", hrefOf),
    {
      id: "user",
      header: "User",
      width: "minmax(7rem, 1.2fr)",
      hideBelowPx: 900,
      cell: (row) => {
        const [first] = row.others;
        if (first === undefined) return NOBODY;
        return (
          <span className="relative z-1 flex min-w-0 items-center gap-1.5">
            <Link
              href={hrefOfOther(first)}
              prefetch={false}
              tabIndex={-1}
              aria-label={first}
              title={`${first}\nOpen this user`}
              className="min-w-0 font-mono text-xs text-muted hover:text-accent hover:underline"
            >
              <MiddleCut text={first} />
            </Link>
            {row.othersCount > 1 && <span className="shrink-0 text-xs text-faint">and {row.othersCount - 1} more</span>}
          </span>
        );
      },
    },
    ...counts("Turns"),
    {
      id: "span",
      header: "Lasted",
      width: "6rem",
      align: "end",
      hideBelowPx: 1_000,
      cell: (row) => formatDuration(nanosBetween(row.firstUnixNano, row.endUnixNano)),
    },
    ...amounts,
    models,
  ];
}

/** The columns of a list of users. */
export function userColumns({ hrefOf }: Pick<Links, "hrefOf">): Column<OwnerRow>[] {
  return [
    activity("Last active"),
    id("User", hrefOf),
    { id: "sessions", header: "Sessions", width: "5.5rem", align: "end", hideBelowPx: 640, cell: (row) => formatCount(row.othersCount) },
    ...counts("Traces"),
    ...amounts,
    models,
  ];
}
