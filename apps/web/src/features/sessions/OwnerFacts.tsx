import type { RouterOutputs } from "@signalbox/api/client";
import type { ReactNode } from "react";
import { Fact, Facts } from "../../components/ui/text/Facts.tsx";
import { formatCount } from "../../format/amounts.ts";
import { CostAmount, Tokens } from "../traces/index.ts";

type Totals = RouterOutputs["sessions"]["get"]["totals"];

/** The totals of a session's or a user's traces as figures. `traces` names the unit; `children` follow. */
export function OwnerFacts({ totals, traces, children }: { totals: Totals; traces: string; children?: ReactNode }) {
  return (
    <Facts>
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
    </Facts>
  );
}
