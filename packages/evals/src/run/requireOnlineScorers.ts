import { AppError, type ScorerChoice } from "@signalbox/model";
import { readScorers } from "../scorers/scorers.ts";

/**
 * Throws `invalid_input` for unknown scorers, and for those that need an expectation,
 * which a live trace does not have. Does not check whether a judge's model is available.
 */
export function requireOnlineScorers(choices: readonly ScorerChoice[]): void {
  const nobody = () => () => Promise.reject(new Error("nobody is asked here"));
  const scorers = readScorers(choices, nobody, nobody);
  const blind = scorers.find(({ needs }) => needs !== null);
  if (blind === undefined) return;
  throw new AppError("invalid_input", `The scorer ${blind.name} needs an item's ${blind.needs}, which no trace has.`, {
    hint: "Score traces by what they say and take: a judge, json_schema, regex, latency, cost, tokens.",
  });
}
