import { ArrowRight } from "lucide-react";
import { amountMark, formatCost, formatTokens, formatToldCount } from "../../../../format/amounts.ts";

type Summed = {
  costUsd: number;
  costIsEstimate: boolean;
  spansWithoutCost: number;
};

/** Stands for an amount that the sender did not give. */
export const NOTHING = (
  <span className="text-faint" title="Not reported">
    –
  </span>
);

/** Tokens in and out; one of them may be unknown. */
export function Tokens({ input, output, isEstimate }: { input: number | null; output: number | null; isEstimate: boolean }) {
  if (input === null && output === null) return NOTHING;
  const { mark, why } = amountMark({ isEstimate, isPartial: false });
  const exact = `Tokens: ${formatToldCount(input)} in, ${formatToldCount(output)} out`;
  return (
    <span title={why === null ? exact : `${exact}. ${why}`} className="whitespace-nowrap tabular-nums">
      {mark}
      {input === null ? NOTHING : formatTokens(input)}
      <ArrowRight className="mx-1 inline size-3 text-faint" aria-label="in, out" />
      {output === null ? NOTHING : formatTokens(output)}
    </span>
  );
}

/** A trace's cost in US dollars. */
export function CostAmount({ sums }: { sums: Summed }) {
  if (sums.costUsd === 0) return NOTHING;
  const { mark, why } = amountMark({ isEstimate: sums.costIsEstimate, isPartial: sums.spansWithoutCost > 0 });
  return (
    <span title={why ?? undefined} className="whitespace-nowrap tabular-nums">
      {mark}
      {formatCost(sums.costUsd)}
    </span>
  );
}
