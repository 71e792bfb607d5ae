import { isInScoredShare, type ScoreRuleTerms } from "@signalbox/model";
import { LOOKED_AT_MAX, newOutcome, type RuleVersion, type ScoreLedger } from "./scoreLedger.ts";

/**
 * Enters those of the given traces that pass a rule's filter into the
 * ledger, each once; returns how many did not pass, and how many are new.
 */
export async function enterTraces(
  ledger: Pick<ScoreLedger, "matching" | "known" | "write">,
  rule: RuleVersion,
  { filter, share }: Pick<ScoreRuleTerms, "filter" | "share">,
  traceIds: readonly string[],
  nowMs: number,
): Promise<{ unmatched: number; entered: number }> {
  let [unmatched, entered] = [0, 0];
  for (let from = 0; from < traceIds.length; from += LOOKED_AT_MAX) {
    const some = traceIds.slice(from, from + LOOKED_AT_MAX);
    const matching = (await ledger.matching(rule.project, filter, some)).map(({ traceId }) => traceId);
    unmatched += some.length - matching.length;
    const known = await ledger.known(rule, matching);
    const fresh = matching.filter((traceId) => !known.has(traceId));
    const stateOf = (traceId: string) => (isInScoredShare(traceId, share) ? "waiting" : "sampled_out");
    entered += fresh.length;
    await ledger.write(
      rule,
      fresh.map((traceId) => newOutcome(traceId, stateOf(traceId), nowMs)),
      nowMs,
    );
  }
  return { unmatched, entered };
}
