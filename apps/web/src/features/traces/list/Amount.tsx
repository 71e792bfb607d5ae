import { ArrowRight } from "lucide-react";
import { amountMark, formatCost, formatCount, formatTokens } from "../../../format/amounts.ts";

type Summed = {
  inputTokens: number;
  outputTokens: number;
  usageIsEstimate: boolean;
  costUsd: number;
  costIsEstimate: boolean;
  spansWithoutCost: number;
};

const NOTHING = (
  <span className="text-faint" title="Not reported">
    –
  </span>
);

/** Stands between what went in and what came out. */
export function InOutArrow() {
  return <ArrowRight className="mx-1 inline size-3 text-faint" aria-label="in, out" />;
}

/** Tokens in and out of a trace. */
export function TokenAmount({ sums }: { sums: Summed }) {
  const { inputTokens, outputTokens } = sums;
  if (inputTokens + outputTokens === 0) return NOTHING;
  const { mark, why } = amountMark({ isEstimate: sums.usageIsEstimate, isPartial: false });
  const exact = `${formatCount(inputTokens)} tokens in, ${formatCount(outputTokens)} out`;
  return (
    <span title={why === null ? exact : `${exact}. ${why}`} className="whitespace-nowrap tabular-nums">
      {mark}
      {formatTokens(inputTokens)}
      <InOutArrow />
      {formatTokens(outputTokens)}
    </span>
  );
}

/** What a trace cost in US dollars. */
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
