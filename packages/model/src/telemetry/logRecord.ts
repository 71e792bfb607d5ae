import { z } from "zod";

/**
 * A log record that is neither a decision nor a score, unchanged. Ids are
 * lower-case hex or empty; `timeUnixNano` is decimal nanoseconds since 1970.
 */
export const LogRecord = z.strictObject({
  project: z.string(),
  timeUnixNano: z.string(),
  traceId: z.string(),
  spanId: z.string(),
  service: z.string(),
  eventName: z.string(),
  severity: z.string(),
  body: z.string(),
  attributes: z.record(z.string(), z.string()),
});
export type LogRecord = z.infer<typeof LogRecord>;

/**
 * A record that was acknowledged but could not become a row: the whole record (its JSON text), the receiver, and the reason in a sentence.
 */
export const RejectedRecord = z.strictObject({ project: z.string(), source: z.string(), reason: z.string(), record: z.string() });
export type RejectedRecord = z.infer<typeof RejectedRecord>;
