import type { SpanKind } from "../telemetry/span.ts";
import type { Price } from "./priceList.ts";

/** Kinds of spans that use tokens themselves; the tokens of an agent or a chain only sum up those of the spans below it. */
export const PRICED_KINDS: ReadonlySet<SpanKind> = new Set(["llm", "embedding", "reranker"]);

/** Tokens of one model call. Cached and cache-write tokens are included in `input`. */
export interface PricedUsage {
  input: number | null;
  output: number | null;
  cached: number | null;
  cacheWrite: number | null;
}

/**
 * The cost of a call at list price, in US dollars, or null where no tokens
 * are known. Tokens without a price of their own cost as much as input.
 */
export function estimateCostUsd(usage: PricedUsage, price: Price): number | null {
  if (usage.input === null && usage.output === null) return null;
  const cached = usage.cached ?? 0;
  const cacheWrite = usage.cacheWrite ?? 0;
  const fresh = Math.max(0, (usage.input ?? 0) - cached - cacheWrite);
  const perMillion =
    fresh * price.input +
    cached * (price.cached ?? price.input) +
    cacheWrite * (price.cacheWrite ?? price.input) +
    (usage.output ?? 0) * price.output;
  return perMillion / 1_000_000;
}
