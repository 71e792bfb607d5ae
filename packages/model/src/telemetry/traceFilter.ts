import { z } from "zod";
import { ScoreCondition } from "./scoreCondition.ts";

/** How a trace ended: by its root span's status; `incomplete` when no root span was received (yet). */
export const TraceStatus = z.enum(["ok", "error", "incomplete"]);
export type TraceStatus = z.infer<typeof TraceStatus>;

/** Beyond it a duration in nanoseconds leaves 64 bits. */
const DURATION_MS_MAX = 1e12;

const Word = z.string().min(1).max(200);

/** Who or what a sender named, in whatever characters it likes. */
export const FACET_VALUE_CHARS_MAX = 1_000;
export const FacetValue = z.string().min(1).max(FACET_VALUE_CHARS_MAX);

/**
 * What a list is narrowed by, value by value. `status` and `kind` are of the trace's root span; the
 * others may stand on any of its spans, so that a trace can have several values. `prompt` is a prompt's
 * name and version with a space between them, `variant` the arm of a rollout that a task was given to.
 */
export const TRACE_FACETS = [
  "status",
  "kind",
  "service",
  "agent",
  "model",
  "environment",
  "release",
  "variant",
  "prompt",
  "tag",
  "user",
  "session",
] as const;
export const TraceFacet = z.enum(TRACE_FACETS);
export type TraceFacet = z.infer<typeof TraceFacet>;

const SCORES_MAX = 10;

const FACET_CHOICES_MAX = 50;
const FacetChoices = z.partialRecord(TraceFacet, z.array(FacetValue).min(1).max(FACET_CHOICES_MAX));

/**
 * Which traces a list shows; every condition given must hold. `name` is contained in the root span's name, `text`
 * in anything a span says (name, messages, tool call), both in any case. `words`: every one of them stands whole
 * in the input, or in the output, of one span; found by the index where the store has one. `only` asks of each
 * facet for any of the values given, `without` for none of them. `status`, `session`, `user`, `tag` and `model`
 * are short for one value in `only`. `minCostUsd` is of the whole trace, `minDurationMs` of its root span. Each of
 * `scores` holds for a score that the trace itself has; of several scorers' scores of one name any may meet it.
 */
export const TraceFilter = z.strictObject({
  status: TraceStatus.optional(),
  hasErrors: z.literal(true).optional(),
  name: Word.optional(),
  session: FacetValue.optional(),
  user: FacetValue.optional(),
  tag: FacetValue.optional(),
  model: FacetValue.optional(),
  only: FacetChoices.optional(),
  without: FacetChoices.optional(),
  text: Word.optional(),
  words: Word.optional(),
  minDurationMs: z.number().nonnegative().max(DURATION_MS_MAX).optional(),
  minCostUsd: z.number().nonnegative().optional(),
  scores: z.array(ScoreCondition).min(1).max(SCORES_MAX).optional(),
});
export type TraceFilter = z.infer<typeof TraceFilter>;

/** What a rule that scores traces may ask of one: anything but the scores that it may not have yet. */
export const UnscoredTraceFilter = TraceFilter.omit({ scores: true });
export type UnscoredTraceFilter = z.infer<typeof UnscoredTraceFilter>;

/** A moment range, nanoseconds since 1970 as decimal strings: `from` belongs to it, `to` does not. */
export const TimeWindow = z.strictObject({ from: z.string().regex(/^\d{1,19}$/), to: z.string().regex(/^\d{1,19}$/) });
export type TimeWindow = z.infer<typeof TimeWindow>;
