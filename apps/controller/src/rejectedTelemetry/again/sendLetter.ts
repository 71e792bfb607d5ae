import type { RejectedStore, StoredRejection } from "@signalbox/db/clickhouse";
import type { Sending, SendingEnd } from "@signalbox/db/prisma";
import { AppError } from "@signalbox/model";
import { againRequests } from "./againRequests.ts";
import type { CollectorClient } from "./collectorClient.ts";

/** Limits of one read: records, and characters in total. */
const PAGE = { rowsMax: 5_000, charsMax: 32_000_000 };

/** Limits of one request: records, and below, characters, unless a single record is longer. */
const RECORDS_MAX = 200;
const CHARS_MAX = 4_000_000;

/**
 * The outcome of sending a letter's records: they were accepted for now; sending ended; or the collector accepts nothing (for the
 * `reason`), and it is retried.
 */
export type SendOutcome = { kind: "sent" } | { kind: "ended"; end: SendingEnd } | { kind: "unavailable"; reason: string };

/** How far a letter was sent: its last sent record, and the counts up to it. */
export type SendProgress = { last: StoredRejection | null; sent: number; unsendable: number; refused: number; why: string | null };

/** The progress of a letter before its first record is sent. */
export const NOTHING_SENT: SendProgress = { last: null, sent: 0, unsendable: 0, refused: 0, why: null };

const failed = (note: string): SendOutcome => ({ kind: "ended", end: { state: "failed", note } });

function* inPieces(records: readonly StoredRejection[]): Generator<StoredRejection[]> {
  let piece: StoredRejection[] = [];
  let chars = 0;
  for (const record of records) {
    if (piece.length === RECORDS_MAX || (piece.length > 0 && chars + record.record.length > CHARS_MAX)) {
      yield piece;
      piece = [];
      chars = 0;
    }
    piece.push(record);
    chars += record.record.length;
  }
  if (piece.length > 0) yield piece;
}

/** The outcome once all records of a letter were sent. */
function endOf({ sent, unsendable, refused, why }: SendProgress): SendOutcome {
  if (sent + unsendable === 0) return failed("Its records are kept no longer, so there is nothing to send.");
  if (unsendable > 0)
    return failed(
      `${unsendable} of ${sent + unsendable} records cannot be sent: they could not be read, and no more than a trace of them is kept.`,
    );
  if (refused > 0) return failed(`${refused} of ${sent} records were rejected again${why === null ? "." : `: ${why}`}`);
  return { kind: "sent" };
}

/**
 * Sends the collector the records of a letter after those in `before`, by their original route, and returns the progress. Sending a record
 * twice doubles nothing, since rows are identified by their content. Throws `unauthenticated` if the collector does not know the key.
 */
export async function sendLetter(
  { project, batch }: Pick<Sending, "project" | "batch">,
  before: SendProgress,
  { rejected, send, key }: { rejected: Pick<RejectedStore, "records">; send: CollectorClient; key: string },
): Promise<{ outcome: SendOutcome; progress: SendProgress }> {
  let progress = before;
  for (;;) {
    const page = await rejected.records({ project, ...batch }, { after: progress.last, ...PAGE });
    if (page.length === 0) return { outcome: endOf(progress), progress };
    for (const piece of inPieces(page)) {
      const again = againRequests(batch.source, piece);
      const next = { ...progress, last: piece.at(-1) ?? progress.last, unsendable: progress.unsendable + again.unsendable };
      for (const request of again.requests) {
        const answer = await send(request, key);
        if (answer.kind === "unavailable") return { outcome: answer, progress };
        if (answer.kind === "unknown_key")
          throw new AppError("unauthenticated", "the collector does not know the key that it is sent with", {
            hint: "Look whether it reads its keys from the same state store as the controller.",
          });
        next.sent += request.records;
        next.refused += answer.kind === "refused" ? request.records : answer.rejected;
        next.why ??= answer.reason;
      }
      progress = next;
    }
  }
}
