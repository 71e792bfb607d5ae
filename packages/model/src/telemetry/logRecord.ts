import { z } from "zod";

/**
 * A log record that is no decision and no score, as it came. Ids are lower-case hex or empty; `timeUnixNano` is decimal nanoseconds since
 * 1970.
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
 * What was acknowledged but could not become a row: the record whole (its JSON text), which receiver took it, and the reason in a
 * sentence.
 */
export const RejectedRecord = z.strictObject({ project: z.string(), source: z.string(), reason: z.string(), record: z.string() });
export type RejectedRecord = z.infer<typeof RejectedRecord>;
