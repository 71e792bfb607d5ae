import { z } from "zod";
import { ScorerChoice } from "../evalRuns/evalRun.ts";
import { ProjectName } from "../projects/project.ts";
import { UnscoredTraceFilter } from "../telemetry/traceFilter.ts";

/** A rule's name within its project; it signs the rule's scores. */
export const ScoreRuleName = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9._-]{0,59}$/,
    "a name has 1 to 60 lower-case letters, digits, dots, hyphens and underscores, and begins with one of the first two",
  );

/**
 * The part of a rule whose change makes a new version. A trace is over when nothing of it has
 * arrived for `waitSeconds`; of the traces that pass `filter`, a `share` (0 to 1) is scored.
 */
export const ScoreRuleTerms = z.strictObject({
  filter: UnscoredTraceFilter.default({}),
  share: z.number().gt(0).max(1).default(1),
  waitSeconds: z.int().min(5).max(3_600).default(15),
  scorers: z.array(ScorerChoice).min(1).max(10),
});
export type ScoreRuleTerms = z.infer<typeof ScoreRuleTerms>;

/**
 * A rule as submitted. At most `tracesPerHourMax` of its traces are scored per hour
 * and the rest wait; null means no limit. Traces that already wait obey a new limit.
 */
export const ScoreRuleDraft = ScoreRuleTerms.extend({
  project: ProjectName,
  name: ScoreRuleName,
  enabled: z.boolean().default(true),
  tracesPerHourMax: z.int().min(1).max(1_000_000).nullable().default(null),
});
export type ScoreRuleDraft = z.infer<typeof ScoreRuleDraft>;

/** A stored rule in its newest version. `note` says why its scorers cannot work at all, null while they can. Times are ISO 8601, UTC. */
export interface ScoreRule extends ScoreRuleDraft {
  readonly id: string;
  readonly version: number;
  readonly actor: string;
  readonly changedAt: string;
  readonly note: string | null;
}

/** The name that signs the scores of a rule; judges sign with their own id (`JUDGE_PREFIX`). */
export const scoreRuleScorer = ({ name, version }: Pick<ScoreRule, "name" | "version">): string => `rule:${name}@${version}`;

/** The states of a trace that passed a rule's filter. Each is in exactly one of them. */
export const SCORING_STATES = ["scored", "sampled_out", "waiting", "failed"] as const;
export const ScoringState = z.enum(SCORING_STATES);
export type ScoringState = z.infer<typeof ScoringState>;
