import { z } from "zod";

/** A named scorer's judgement of a trace, or of one span of it. `value` is averaged; `label` is for people. `time` is ISO 8601, UTC. */
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
});
export type Score = z.infer<typeof Score>;
