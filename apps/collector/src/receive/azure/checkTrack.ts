import { decodeTrack, FAULTS, type Fault, faultOfTrackRecord, type TrackRecord } from "../../decode/index.ts";

/** What is wrong with an item, by its position in the request. */
export interface TrackError {
  index: number;
  statusCode: number;
  message: string;
}

/** How many items a request has, and what is wrong with those that are not taken whole. */
export interface CheckedTrack {
  items: number;
  errors: readonly TrackError[];
}

/** The fault of each record of an uncompressed request (null for a good one), and what becomes of its items. Throws `MalformedBody`. */
export function checkTrack(body: Buffer, receivedAtUs: number): CheckedTrack & { faults: (Fault | null)[] } {
  const judged = decodeTrack(body).map((record) => ({ record, fault: faultOfTrackRecord(record, receivedAtUs) }));
  return {
    faults: judged.flatMap(({ record, fault }) => (record.kind === "nothing" ? [] : fault)),
    items: (judged.at(-1)?.record.index ?? -1) + 1,
    errors: errorsOf(judged),
  };
}

/** One error per item: the first of its records'. */
function errorsOf(judged: readonly { record: TrackRecord; fault: Fault | null }[]): TrackError[] {
  const errors = new Map<number, TrackError>();
  for (const { record, fault } of judged) {
    if (fault === null || errors.has(record.index)) continue;
    const detail = record.kind === "refused" ? `: ${record.detail}` : "";
    errors.set(record.index, { index: record.index, statusCode: 400, message: `${FAULTS[fault]}${detail}` });
  }
  return [...errors.values()];
}
