import type { RouterOutputs } from "@signalbox/api/client";
import type { ReactNode } from "react";
import { formatCount } from "../../format/amounts.ts";
import { CostAmount, Tokens } from "../traces/index.ts";

type Totals = RouterOutputs["sessions"]["get"]["totals"];

/** What the traces of a session or a user came to, one figure beside the other. `traces` names what is counted; `children` follow. */
export function OwnerFacts({ totals, traces, children }: { totals: Totals; traces: string; children?: ReactNode }) {
  return (
    <dl className="flex flex-wrap items-baseline gap-x-7 gap-y-1.5">
      <Fact label={traces}>{formatCount(totals.traces)}</Fact>
      <Fact label="Failed">
        <span className={totals.failed > 0 ? "text-danger" : ""}>{formatCount(totals.failed)}</span>
      </Fact>
      <Fact label="Failed spans">
        {formatCount(totals.errors)} of {formatCount(totals.spans)}
      </Fact>
      <Fact label="Tokens">
        <Tokens input={totals.inputTokens} output={totals.outputTokens} isEstimate={totals.usageIsEstimate} />
      </Fact>
      <Fact label="Cost">
        <CostAmount sums={totals} />
      </Fact>
      {totals.models.length > 0 && <Fact label={totals.models.length === 1 ? "Model" : "Models"}>{totals.models.join(", ")}</Fact>}
      {children}
    </dl>
  );
}

/** A figure with its name. */
export function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="flex min-w-0 items-baseline gap-1.5">
      <dt className="shrink-0 text-xs text-faint">{label}</dt>
      <dd className="min-w-0 truncate text-sm tabular-nums">{children}</dd>
    </div>
  );
}
