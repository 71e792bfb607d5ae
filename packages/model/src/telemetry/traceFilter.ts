import { z } from "zod";
import { ScoreCondition } from "./scoreCondition.ts";

/** How a trace ended: by its root span's status; `incomplete` when no root span was received (yet). */
export const TraceStatus = z.enum(["ok", "error", "incomplete"]);
export type TraceStatus = z.infer<typeof TraceStatus>;

/** The longest duration whose nanoseconds fit in 64 bits. */
const DURATION_MS_MAX = 1e12;

const Word = z.string().min(1).max(200);

/** The longest value of a facet, a name or id that a sender chose, in characters of any kind. */
export const FACET_VALUE_CHARS_MAX = 1_000;
export const FacetValue = z.string().min(1).max(FACET_VALUE_CHARS_MAX);

/**
 * The facets by which a list is narrowed. `status` and `kind` are those of the trace's root span; the
 * others may occur on any of its spans, so that a trace can have several values. `prompt` is a prompt's
 * name and version separated by a space, `variant` the arm of a rollout that a task was assigned to.
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
 * A filter for the trace list; all given conditions must hold. `name` is contained in the root span's name, `text` in
 * any text of a span (name, messages, tool call), both ignoring case. `words`: all of them occur as whole words in the
 * input, or in the output, of one span; found by the index where the store has one. `only` requires one of the given
 * values of each facet, `without` none of them. `status`, `session`, `user`, `tag` and `model` are short for one value
 * in `only`. `minCostUsd` applies to the whole trace, `minDurationMs` to its root span. Each of `scores` must hold for
 * a score of the trace itself; where several scorers gave a score of that name, any of them may meet it.
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

/** The filter of a score rule: without scores, which the trace may not have yet. */
export const UnscoredTraceFilter = TraceFilter.omit({ scores: true });
export type UnscoredTraceFilter = z.infer<typeof UnscoredTraceFilter>;

/** A time range, nanoseconds since 1970 as decimal strings: `from` is inclusive, `to` exclusive. */
export const TimeWindow = z.strictObject({ from: z.string().regex(/^\d{1,19}$/), to: z.string().regex(/^\d{1,19}$/) });
export type TimeWindow = z.infer<typeof TimeWindow>;
