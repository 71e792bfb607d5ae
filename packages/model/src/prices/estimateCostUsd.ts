import type { SpanKind } from "../telemetry/span.ts";
import type { Price } from "./priceList.ts";

/** Kinds whose tokens are their own; those of an agent or a chain sum up what the spans below them used. */
export const PRICED_KINDS: ReadonlySet<SpanKind> = new Set(["llm", "embedding", "reranker"]);

/** Tokens of one call of a model. Cached and cache-write tokens are inside `input`. */
export interface PricedUsage {
  input: number | null;
  output: number | null;
  cached: number | null;
  cacheWrite: number | null;
}

/**
 * What a call costs at a list price, in US dollars, or null where no tokens are known. A kind of token without a price of its own costs
 * what input costs.
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
