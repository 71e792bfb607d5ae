import type { Reconciliation } from "@signalbox/model";
import { formatCount } from "../../format/amounts.ts";
import { FATE_LABELS, reasonText, SOURCES } from "./words.ts";

/** The reasons why records of some sources are not rows, with their counts. */
export function Reasons({ sources }: { sources: readonly Reconciliation[] }) {
  const reasons = sources
    .flatMap(({ source, reasons }) => reasons.map((reason) => ({ source, ...reason })))
    .sort((a, b) => b.records - a.records);
  if (reasons.length === 0) return <p className="px-4 py-3 text-muted">None: every record that was received is a row.</p>;
  return (
    <ul>
      {reasons.map(({ source, fate, reason, records }) => (
        <li
          key={`${source} ${fate} ${reason}`}
          className="flex min-h-9 flex-wrap items-center gap-x-4 border-b border-line px-4 py-1.5 last:border-0"
        >
          <span className="w-16 shrink-0 text-right font-medium tabular-nums">{formatCount(records)}</span>
          <span className="min-w-0 flex-1 [overflow-wrap:anywhere]">
            {reasonText(reason)} <span className="font-mono text-xs text-faint">{reason}</span>
          </span>
          <span className="text-sm text-muted">{FATE_LABELS[fate] ?? fate}</span>
          <span className="text-sm text-faint">{SOURCES[source].label}</span>
        </li>
      ))}
    </ul>
  );
}
