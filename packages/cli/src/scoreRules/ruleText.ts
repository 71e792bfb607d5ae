import type { ScoreRule, ScorerChoice } from "@signalbox/model";

/** A share as a percentage. */
export const percent = (share: number): string => `${Number((share * 100).toFixed(6))} %`;

/** The name of a scorer's scores. */
export const scoreName = ({ as, name }: ScorerChoice): string => as ?? name;

/** A rule's hourly limit of traces, to follow its share; empty where there is none. */
export const limitText = ({ tracesPerHourMax }: ScoreRule): string =>
  tracesPerHourMax === null ? "" : `, ${tracesPerHourMax} an hour at most`;
