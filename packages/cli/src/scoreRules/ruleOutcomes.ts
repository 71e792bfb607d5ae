import type { OutcomeCount } from "@signalbox/db/clickhouse";
import type { ScoringState } from "@signalbox/model";

/**
 * The outcomes of a rule's traces over some time and all of its versions:
 * the number in each state, and its judges' usage, in US dollars and tokens.
 */
export interface RuleOutcomes {
  readonly scored: number;
  readonly sampledOut: number;
  readonly waiting: number;
  readonly failed: number;
  readonly costUsd: number;
  readonly tokens: number;
}

/** Sums up a ledger's counts of one rule. */
export function ruleOutcomes(counts: readonly OutcomeCount[], ruleId: string): RuleOutcomes {
  const own = counts.filter((one) => one.ruleId === ruleId);
  const traces = (state: ScoringState): number => own.reduce((sum, one) => sum + (one.state === state ? one.traces : 0), 0);
  return {
    ...{ scored: traces("scored"), sampledOut: traces("sampled_out"), waiting: traces("waiting"), failed: traces("failed") },
    costUsd: own.reduce((sum, { costUsd }) => sum + costUsd, 0),
    tokens: own.reduce((sum, { tokens }) => sum + tokens, 0),
  };
}
