import { decodeTrack, FAULTS, type Fault, faultOfTrackRecord, type TrackRecord } from "../../decode/index.ts";

/** The error of an item, by its position in the request. */
export interface TrackError {
  index: number;
  statusCode: number;
  message: string;
}

/** The number of items in a request, and the errors of those not accepted whole. */
export interface CheckedTrack {
  items: number;
  errors: readonly TrackError[];
}

/** The fault of each record of an uncompressed request (null for a good one), and the result for its items. Throws `MalformedBody`. */
export function checkTrack(body: Buffer, receivedAtUs: number): CheckedTrack & { faults: (Fault | null)[] } {
  const judged = decodeTrack(body).map((record) => ({ record, fault: faultOfTrackRecord(record, receivedAtUs) }));
  return {
    faults: judged.flatMap(({ record, fault }) => (record.kind === "nothing" ? [] : fault)),
    items: (judged.at(-1)?.record.index ?? -1) + 1,
    errors: errorsOf(judged),
  };
}

/** One error per item: that of its first faulty record. */
function errorsOf(judged: readonly { record: TrackRecord; fault: Fault | null }[]): TrackError[] {
  const errors = new Map<number, TrackError>();
  for (const { record, fault } of judged) {
    if (fault === null || errors.has(record.index)) continue;
    const detail = record.kind === "refused" ? `: ${record.detail}` : "";
    errors.set(record.index, { index: record.index, statusCode: 400, message: `${FAULTS[fault]}${detail}` });
  }
  return [...errors.values()];
}
