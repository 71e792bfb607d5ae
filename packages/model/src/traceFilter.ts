import { z } from "zod";

/** How a trace ended: by its root span's status; `incomplete` when no root span was received (yet). */
export const TraceStatus = z.enum(["ok", "error", "incomplete"]);
export type TraceStatus = z.infer<typeof TraceStatus>;

/** Beyond it a duration in nanoseconds leaves 64 bits. */
const DURATION_MS_MAX = 1e12;

const Word = z.string().min(1).max(200);

/**
 * Which traces a list shows; every condition given must hold.
 * `name` is contained in the root span's name, `text` in anything a span says (name, messages, tool call), both in any case.
 * `words`: every one of them stands whole in the input, or in the output, of one span; found by the index where the store has one.
 * `session`, `user`, `tag` and `model` are exact and may stand on any span of the trace. `minCostUsd` is of the whole trace, `minDurationMs` of its root span.
 */
export const TraceFilter = z.strictObject({
  status: TraceStatus.optional(),
  hasErrors: z.literal(true).optional(),
  name: Word.optional(),
  session: Word.optional(),
  user: Word.optional(),
  tag: Word.optional(),
  model: Word.optional(),
  text: Word.optional(),
  words: Word.optional(),
  minDurationMs: z.number().nonnegative().max(DURATION_MS_MAX).optional(),
  minCostUsd: z.number().nonnegative().optional(),
});
export type TraceFilter = z.infer<typeof TraceFilter>;

/** A moment range, nanoseconds since 1970 as decimal strings: `from` belongs to it, `to` does not. */
export const TimeWindow = z.strictObject({ from: z.string().regex(/^\d{1,19}$/), to: z.string().regex(/^\d{1,19}$/) });
export type TimeWindow = z.infer<typeof TimeWindow>;
