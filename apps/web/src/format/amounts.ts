const WHOLE = new Intl.NumberFormat("en-US");
const COMPACT = new Intl.NumberFormat("en-US", { notation: "compact", maximumFractionDigits: 1 });

/** `12345` as `12,345`. */
export function formatCount(count: number): string {
  return WHOLE.format(count);
}

/** A count that its sender may have left out. */
export function formatToldCount(count: number | null): string {
  return count === null ? "unknown" : formatCount(count);
}

/** A count in little space: whole up to five digits, then `123K`, `1.2M`. */
export function formatTokens(tokens: number): string {
  return tokens < 100_000 ? WHOLE.format(tokens) : COMPACT.format(tokens);
}

/** A round number for an axis: `250`, `50K`, `1.5M`. */
export function formatCompact(count: number): string {
  return COMPACT.format(count);
}

/** US dollars with the significant digits for their size: `$12.40`, `$0.084`, `$0.00021`. */
export function formatCost(usd: number): string {
  if (usd === 0) return "$0";
  if (usd >= 1) return `$${usd.toFixed(2)}`;
  if (usd >= 0.01) return `$${usd.toFixed(3)}`;
  return usd < 0.000001 ? "<$0.000001" : `$${Number(usd.toPrecision(2)).toFixed(Math.min(6, 1 - Math.floor(Math.log10(usd))))}`;
}

/** An estimated count with two significant digits: `~7`, `~77,000`. */
export function formatEstimate(count: number): string {
  return `~${formatCount(Number(count.toPrecision(2)))}`;
}

/** The mark before a sum of costs or tokens, and its reason: `~` if some of it is estimated, `≥` if parts are unknown. */
export function amountMark({ isEstimate, isPartial }: { isEstimate: boolean; isPartial: boolean }): { mark: string; why: string | null } {
  if (isPartial) return { mark: "≥ ", why: "Some model calls told no cost: the sum is at least this" };
  return isEstimate ? { mark: "~", why: "Estimated: the sender did not report it" } : { mark: "", why: null };
}

/** A share of 1 in percent, with its significant digits: `12%`, `1.5%`, `0.04%`, `−3%`. */
export function formatShare(share: number): string {
  const percent = share * 100;
  if (percent === 0) return "0%";
  if (percent < 0) return `−${formatShare(-share)}`;
  if (percent < 0.01) return "<0.01%";
  return `${Number(percent.toFixed(percent >= 10 ? 1 : 2))}%`;
}
