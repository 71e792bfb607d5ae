import { canonicalJson } from "@signalbox/model";
import { judgeState } from "../../tauBench/finalState.ts";
import { defineScorer, NoOptions, passOrFail } from "../scorer.ts";

function texts(documents: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(Object.entries(documents).map(([name, document]) => [name, canonicalJson(document)]));
}

/**
 * Passes an answer that left the documents as they should be, by the rule of τ-bench (Yao et al. 2024): how it got there does not matter.
 */
export const finalState = defineScorer({
  name: "final_state",
  summary: "the documents that were changed are as they should be in the end, whatever the way",
  needs: "expectedState",
  options: NoOptions,
  make: () => (item, answer) => {
    if (answer.state === null) return passOrFail(false, "the target did not say what it changed");
    const { passed, reason } = judgeState(texts(answer.state), texts(item.expectedState ?? {}));
    return passOrFail(passed, reason);
  },
});
