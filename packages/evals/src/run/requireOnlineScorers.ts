import { AppError, type ScorerChoice } from "@signalbox/model";
import { readScorers } from "../scorers/scorers.ts";

/**
 * Throws `invalid_input` for scorers that are none, and for those that need to know what would have
 * been right: nobody has said that of a trace. Whether a judge's model is there is not asked here.
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
