import type { ScoreRule, ScorerChoice } from "@signalbox/model";

/** A share as people say it. */
export const percent = (share: number): string => `${Number((share * 100).toFixed(6))} %`;

/** What a scorer's scores are called. */
export const scoreName = ({ as, name }: ScorerChoice): string => as ?? name;

/** How many traces a rule scores in an hour at most, to follow its share; empty where nothing limits it. */
export const limitText = ({ tracesPerHourMax }: ScoreRule): string =>
  tracesPerHourMax === null ? "" : `, ${tracesPerHourMax} an hour at most`;
