import { AppError, parsedJson } from "@signalbox/model";
import { z } from "zod";
import type { FailedBatch } from "./failedBatch.ts";

/** The collector's answer to a batch: accepted except for a number of unreadable parts, unreadable altogether, or too large. */
export type BatchAnswer =
  | { kind: "taken"; rejectedParts: number }
  | { kind: "refused"; reason: string }
  | { kind: "too_large"; reason: string };

const ANSWER_WITHIN_MS = 60_000;
const REASON_CHARS_MAX = 300;

/** Statuses that blame the body; after any other status the same body may be accepted later. */
const AT_FAULT: ReadonlySet<number> = new Set([400, 415, 422]);

const Rejected = z.object({ message: z.string().regex(/^\d+ rejected/) }).transform(({ message }) => Number.parseInt(message, 10));
const Fault = z.object({ message: z.string() });

/**
 * Sends a batch to the collector at `endpoint`, in the project of `key`. Throws
 * `upstream_unavailable` when it is not accepted for a temporary reason.
 */
export async function sendBatch(
  { path, headers, body }: FailedBatch,
  { endpoint, key }: { endpoint: string; key: string },
): Promise<BatchAnswer> {
  const unavailable = (why: string, cause?: unknown): AppError =>
    new AppError("upstream_unavailable", `The collector at ${endpoint} does not take the batch: ${why}.`, {
      cause,
      hint: "Run the import again when it does: what was sent stays as it is.",
    });
  let answer: Response;
  let text: string;
  try {
    answer = await fetch(new URL(path, endpoint), {
      ...{ method: "POST", headers: { ...headers, authorization: `Bearer ${key}` }, body },
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    });
    text = await answer.text();
  } catch (cause) {
    throw unavailable((cause as Error).message, cause);
  }
  const json = parsedJson(text);
  if (answer.ok) return { kind: "taken", rejectedParts: Rejected.safeParse(json).data ?? 0 };
  const reason = (Fault.safeParse(json).data?.message ?? text).slice(0, REASON_CHARS_MAX);
  if (answer.status === 413) return { kind: "too_large", reason };
  if (AT_FAULT.has(answer.status)) return { kind: "refused", reason };
  throw unavailable(`status ${answer.status}${reason === "" ? "" : `, ${reason}`}`);
}
