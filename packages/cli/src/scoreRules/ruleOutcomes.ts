import type { OutcomeCount } from "@signalbox/db/clickhouse";
import type { ScoringState } from "@signalbox/model";

/**
 * What became of a rule's traces in some time, over all of its versions: how
 * many are in each state, and what its judges took, in US dollars and tokens.
 */
export interface RuleOutcomes {
  readonly scored: number;
  readonly sampledOut: number;
  readonly waiting: number;
  readonly failed: number;
  readonly costUsd: number;
  readonly tokens: number;
}

/** Adds up what a ledger counts of one rule. */
export function ruleOutcomes(counts: readonly OutcomeCount[], ruleId: string): RuleOutcomes {
  const own = counts.filter((one) => one.ruleId === ruleId);
  const traces = (state: ScoringState): number => own.reduce((sum, one) => sum + (one.state === state ? one.traces : 0), 0);
  return {
    ...{ scored: traces("scored"), sampledOut: traces("sampled_out"), waiting: traces("waiting"), failed: traces("failed") },
    costUsd: own.reduce((sum, { costUsd }) => sum + costUsd, 0),
    tokens: own.reduce((sum, { tokens }) => sum + tokens, 0),
  };
}
