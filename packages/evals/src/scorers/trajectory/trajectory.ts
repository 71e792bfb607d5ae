import { canonicalJson, type ToolRequest } from "@signalbox/model";
import { z } from "zod";
import { defineScorer, passOrFail } from "../scorer.ts";

const MODES = ["strict", "unordered", "subset"] as const;

/** The calls of `calls` without a match in `others`, where each of those matches at most one. */
function unmatched(calls: readonly string[], others: readonly string[]): string[] {
  const left = [...others];
  return calls.filter((call) => {
    const at = left.indexOf(call);
    if (at !== -1) left.splice(at, 1);
    return at === -1;
  });
}

function firstDifference(given: readonly string[], expected: readonly string[]): string {
  const at = expected.findIndex((call, index) => call !== given[index]);
  const place = at === -1 ? expected.length : at;
  return `call ${place + 1} is ${given[place] ?? "missing"}, expected ${expected[place] ?? "no more"}`;
}

/**
 * Passes an answer whose tool calls are the expected ones: `strict` in the same order and no other, `unordered` in
 * any order and no other, `subset` every expected one somewhere among the calls. With `names`, arguments are ignored.
 */
export const trajectory = defineScorer({
  name: "trajectory",
  summary: "the tool calls are the expected ones: `mode` strict (default), unordered or subset; with `names` their arguments do not matter",
  needs: "expectedToolCalls",
  options: z.strictObject({ mode: z.enum(MODES).default("strict"), names: z.boolean().default(false) }),
  make: ({ mode, names }) => {
    const textOfCall = (call: ToolRequest): string => (names ? call.name : `${call.name}(${canonicalJson(call.arguments)})`);
    return (item, answer) => {
      if (answer.toolCalls === null) return passOrFail(false, "the target did not say which tools it called");
      const [given, expected] = [answer.toolCalls.map(textOfCall), (item.expectedToolCalls ?? []).map(textOfCall)];
      if (mode === "strict") {
        const isSame = given.length === expected.length && given.every((call, index) => call === expected[index]);
        return passOrFail(isSame, firstDifference(given, expected));
      }
      const missing = unmatched(expected, given);
      const extra = mode === "unordered" ? unmatched(given, expected) : [];
      const amiss = [...missing.map((call) => `missing ${call}`), ...extra.map((call) => `not expected ${call}`)];
      return passOrFail(amiss.length === 0, amiss.join("; "));
    };
  },
});
