"use client";
import { Badge } from "../../components/ui/badge/Badge.tsx";
import { type SimpleColumn, SimpleTable } from "../../components/ui/table/SimpleTable.tsx";
import { formatMoment } from "../../format/time.ts";
import { usePreference } from "../../preferences/usePreference.ts";
import type { TimeStep } from "./byTime.ts";
import { COUNTS, CountCell } from "./SourceTable.tsx";

/** The chart's numbers, newest first; steps without any are left out. */
export function TimeTable({ steps }: { steps: readonly TimeStep[] }) {
  const [clock] = usePreference("clock");
  const zone = clock === "utc" ? "utc" : "local";
  const filled = steps.filter(({ counts }) => counts.received > 0 || counts.stored > 0 || (counts.readable ?? 0) > 0).toReversed();
  const columns: SimpleColumn<TimeStep>[] = [
    {
      id: "time",
      header: "From",
      cell: ({ time }) => <span className="whitespace-nowrap tabular-nums">{formatMoment(time * 1_000, zone).slice(0, 16)}</span>,
    },
    ...COUNTS.map(
      ({ id, label, title }): SimpleColumn<TimeStep> => ({
        id,
        header: <span title={title}>{label}</span>,
        align: "end",
        cell: ({ counts }) => <CountCell count={counts[id]} isBad={id === "missing"} />,
      }),
    ),
    { id: "verdict", header: "", cell: (step) => <StepBadge step={step} /> },
  ];
  return <SimpleTable label="Records by time" columns={columns} rows={filled} rowKey={({ time }) => String(time)} />;
}

function StepBadge({ step: { isWrong, isClosed } }: { step: TimeStep }) {
  if (isWrong) return <Badge tone="danger">Does not add up</Badge>;
  return isClosed ? <Badge tone="clear">Adds up</Badge> : <Badge tone="plain">Not over yet</Badge>;
}
