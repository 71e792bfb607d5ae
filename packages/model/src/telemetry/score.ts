import { z } from "zod";

/**
 * A judgement of a trace (or of one span of it) by a named scorer. `value` is
 * what is averaged; `label` is what a person reads. `time` is ISO 8601, UTC.
 * `feedback` is what a client of LangSmith knows it by: its id, and that of its
 * run, empty for none; both are UUIDs.
 */
export const Score = z.strictObject({
  project: z.string(),
  traceId: z.string(),
  spanId: z.string().nullable(),
  name: z.string(),
  value: z.number(),
  label: z.string(),
  explanation: z.string(),
  scorer: z.string(),
  time: z.iso.datetime(),
  feedback: z.strictObject({ id: z.string(), runId: z.string() }).optional(),
});
export type Score = z.infer<typeof Score>;
