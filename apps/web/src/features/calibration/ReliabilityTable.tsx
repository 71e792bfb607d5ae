import { type SimpleColumn, SimpleTable } from "../../components/ui/SimpleTable.tsx";
import { formatCount } from "../../format/amounts.ts";
import type { Calibration } from "./calibrationParams.ts";

type Bin = Calibration["bins"][number];

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;

const COLUMNS: SimpleColumn<Bin>[] = [
  { id: "bin", header: "How sure", cell: ({ from, to }) => `${Math.round(from * 100)} to ${Math.round(to * 100)} %` },
  { id: "answers", header: "Decisions", align: "end", cell: ({ answers }) => formatCount(answers) },
  { id: "confidence", header: "Sure on average", align: "end", cell: ({ confidence }) => percent(confidence) },
  { id: "share", header: "Right", align: "end", cell: ({ share }) => percent(share.value) },
  { id: "interval", header: "95 % interval", align: "end", cell: ({ share }) => `${percent(share.lower)} to ${percent(share.upper)}` },
];

/** The numbers of a reliability diagram. */
export function ReliabilityTable({ bins, label }: { bins: Calibration["bins"]; label: string }) {
  return <SimpleTable label={label} columns={COLUMNS} rows={bins} rowKey={({ from }) => String(from)} />;
}
