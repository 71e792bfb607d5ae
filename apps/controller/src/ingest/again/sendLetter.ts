import type { RejectedStore, StoredRejection } from "@signalbox/db/clickhouse";
import type { Sending, SendingEnd } from "@signalbox/db/prisma";
import { againRequests } from "./againRequests.ts";
import type { CollectorClient } from "./collectorClient.ts";

/** So many records are told in one request, and a request grows to no more than so many characters of records unless one alone is longer. */
const RECORDS_MAX = 200;
const CHARS_MAX = 4_000_000;

/** What came of telling a letter's records: they were taken for now, it ended, or the collector takes nothing (for the `reason`) and it is tried again. */
export type Sent = { kind: "sent" } | { kind: "ended"; end: SendingEnd } | { kind: "unavailable"; reason: string };

const failed = (note: string): Sent => ({ kind: "ended", end: { state: "failed", note } });

function* inPieces(records: readonly StoredRejection[]): Generator<StoredRejection[]> {
  let piece: StoredRejection[] = [];
  let chars = 0;
  for (const record of records) {
    if (piece.length > 0 && chars + record.record.length > CHARS_MAX) {
      yield piece;
      piece = [];
      chars = 0;
    }
    piece.push(record);
    chars += record.record.length;
  }
  if (piece.length > 0) yield piece;
}

/** Tells the collector of all records of a letter by the way that they came. Every record is told again after a failure, which doubles nothing: a row is one by its identity. */
export async function sendLetter(
  { project, batch }: Pick<Sending, "project" | "batch">,
  { rejected, send, key }: { rejected: Pick<RejectedStore, "records">; send: CollectorClient; key: string },
): Promise<Sent> {
  let after: StoredRejection | null = null;
  let told = 0;
  let unsendable = 0;
  let refused = 0;
  let why: string | null = null;
  for (;;) {
    const page: StoredRejection[] = await rejected.records({ project, ...batch }, { after, rowsMax: RECORDS_MAX });
    for (const piece of inPieces(page)) {
      const again = againRequests(batch.source, piece);
      unsendable += again.unsendable;
      for (const request of again.requests) {
        const answer = await send(request, key);
        if (answer.kind === "unavailable") return answer;
        told += request.records;
        refused += answer.kind === "refused" ? request.records : answer.rejected;
        why ??= answer.reason;
      }
    }
    after = page.at(-1) ?? null;
    if (page.length < RECORDS_MAX) break;
  }
  if (told + unsendable === 0) return failed("Its records are kept no longer, so there is nothing to send.");
  if (unsendable > 0)
    return failed(
      `${unsendable} of ${told + unsendable} records cannot be sent: they could not be read, and no more than a trace of them is kept.`,
    );
  if (refused > 0) return failed(`${refused} of ${told} records were rejected again${why === null ? "." : `: ${why}`}`);
  return { kind: "sent" };
}
