import { type SimpleColumn, SimpleTable } from "../../components/ui/table/SimpleTable.tsx";
import { formatCount, formatShare } from "../../format/amounts.ts";
import type { Calibration } from "./calibrationParams.ts";

type Bin = Calibration["bins"][number];

const COLUMNS: SimpleColumn<Bin>[] = [
  { id: "bin", header: "How sure", cell: ({ from, to }) => `${formatShare(from)} to ${formatShare(to)}` },
  { id: "answers", header: "Decisions", align: "end", cell: ({ answers }) => formatCount(answers) },
  { id: "confidence", header: "Sure on average", align: "end", cell: ({ confidence }) => formatShare(confidence) },
  { id: "share", header: "Right", align: "end", cell: ({ share }) => formatShare(share.value) },
  {
    id: "interval",
    header: "95% interval",
    align: "end",
    cell: ({ share }) => `${formatShare(share.lower)} to ${formatShare(share.upper)}`,
  },
];

/** The numbers of a reliability diagram. */
export function ReliabilityTable({ bins, label }: { bins: Calibration["bins"]; label: string }) {
  return <SimpleTable label={label} columns={COLUMNS} rows={bins} rowKey={({ from }) => String(from)} />;
}
