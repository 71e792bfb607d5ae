import { z } from "zod";
import type { AgainRequest } from "./againRequests.ts";

/**
 * The collector's answer to a request. `taken`: some of its records may be rejected. `refused`: all are, for good. `unavailable` may pass.
 * `unknown_key`: the collector uses another store of keys.
 */
export type CollectorAnswer =
  | { kind: "taken"; rejected: number; reason: string | null }
  | { kind: "refused"; reason: string }
  | { kind: "unavailable"; reason: string }
  | { kind: "unknown_key" };

/** Sends records to the collector, into the project of `key`. */
export type CollectorClient = (request: AgainRequest, key: string) => Promise<CollectorAnswer>;

const ANSWER_WITHIN_MS = 15_000;
const REASON_CHARS_MAX = 300;

/** Statuses after which a request may be retried. */
const PASSING: ReadonlySet<number> = new Set([408, 425, 429, 500, 502, 503, 504]);

const Count = z.coerce.number().int().nonnegative();

/** The protocols' reports on rejected records: OTLP, Azure Monitor, LangSmith. */
const PartialTaking = z.union([
  z
    .object({
      partialSuccess: z.object({
        rejectedSpans: Count.default(0),
        rejectedLogRecords: Count.default(0),
        rejectedDataPoints: Count.default(0),
        errorMessage: z.string().default(""),
      }),
    })
    .transform(({ partialSuccess: { errorMessage, ...counts } }) => ({
      rejected: Object.values(counts).reduce((sum, count) => sum + count, 0),
      reason: errorMessage,
    })),
  z
    .object({ itemsReceived: Count, itemsAccepted: Count, errors: z.array(z.object({ message: z.string() })).default([]) })
    .transform(({ itemsReceived, itemsAccepted, errors }) => ({
      rejected: itemsReceived - itemsAccepted,
      reason: errors[0]?.message ?? "",
    })),
  z
    .object({ message: z.string().regex(/^\d+ rejected/) })
    .transform(({ message }) => ({ rejected: Number.parseInt(message, 10), reason: message })),
]);

function answerOf(status: number, text: string): CollectorAnswer {
  const reason = text.slice(0, REASON_CHARS_MAX);
  if (status === 401) return { kind: "unknown_key" };
  if (PASSING.has(status)) return { kind: "unavailable", reason: `status ${status}: ${reason}` };
  let partial: z.infer<typeof PartialTaking> | undefined;
  try {
    partial = PartialTaking.safeParse(JSON.parse(text)).data;
  } catch {}
  if (status >= 200 && status < 300) return { kind: "taken", rejected: partial?.rejected ?? 0, reason: partial?.reason || null };
  return { kind: "refused", reason: `status ${status}: ${reason}` };
}

/** Opens a client of the collector at `otlpUrl`. */
export function openCollectorClient(otlpUrl: string): CollectorClient {
  return async ({ path, contentType, body }, key) => {
    try {
      const answer = await fetch(new URL(path, otlpUrl), {
        method: "POST",
        headers: { "content-type": contentType, authorization: `Bearer ${key}` },
        body,
        signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
      });
      return answerOf(answer.status, await answer.text());
    } catch (error) {
      return { kind: "unavailable", reason: (error as Error).message };
    }
  };
}
