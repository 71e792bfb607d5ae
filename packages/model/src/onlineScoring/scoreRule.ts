import { z } from "zod";
import { ScorerChoice } from "../evalRuns/evalRun.ts";
import { ProjectName } from "../projects/project.ts";
import { UnscoredTraceFilter } from "../telemetry/traceFilter.ts";

/** A rule's name within its project; its scores are signed with it. */
export const ScoreRuleName = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9._-]{0,59}$/,
    "a name has 1 to 60 lower-case letters, digits, dots, hyphens and underscores, and begins with one of the first two",
  );

/**
 * What a rule does, and what makes a new version of it when it changes. A trace is over when nothing
 * of it has come for `waitSeconds`; of those that pass `filter` a `share` (0 to 1) is scored.
 */
export const ScoreRuleTerms = z.strictObject({
  filter: UnscoredTraceFilter.default({}),
  share: z.number().gt(0).max(1).default(1),
  waitSeconds: z.int().min(5).max(3_600).default(15),
  scorers: z.array(ScorerChoice).min(1).max(10),
});
export type ScoreRuleTerms = z.infer<typeof ScoreRuleTerms>;

/**
 * A rule as it is set. In an hour `tracesPerHourMax` of its traces are scored at
 * most and the rest waits, null for no limit; what waits already obeys a new limit.
 */
export const ScoreRuleDraft = ScoreRuleTerms.extend({
  project: ProjectName,
  name: ScoreRuleName,
  enabled: z.boolean().default(true),
  tracesPerHourMax: z.int().min(1).max(1_000_000).nullable().default(null),
});
export type ScoreRuleDraft = z.infer<typeof ScoreRuleDraft>;

/**
 * A rule that is there, in its newest version. `note` is why its scorers cannot work at all, null while they can. Times are ISO 8601, UTC.
 */
export interface ScoreRule extends ScoreRuleDraft {
  readonly id: string;
  readonly version: number;
  readonly actor: string;
  readonly changedAt: string;
  readonly note: string | null;
}

/** How the scores of a rule are signed; those of judges are by their own id (`JUDGE_PREFIX`). */
export const scoreRuleScorer = ({ name, version }: Pick<ScoreRule, "name" | "version">): string => `rule:${name}@${version}`;

/** What became of a trace that passed a rule's filter. Every one is in one of these. */
export const SCORING_STATES = ["scored", "sampled_out", "waiting", "failed"] as const;
export const ScoringState = z.enum(SCORING_STATES);
export type ScoringState = z.infer<typeof ScoringState>;
