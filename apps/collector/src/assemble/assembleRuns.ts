import type { RunPartStore } from "@signalbox/db/clickhouse";
import { decodeLangSmith, type LangSmithForm, type LangSmithRequest, plainBody, scoreOfFeedback } from "../decode/index.ts";
import { acceptedOf, type JournalRecord, type RecordKind } from "../journal/index.ts";
import type { Intake } from "../rules/index.ts";
import { type AssembledRuns, KeptRuns, type PartTally, type Unreadable, withoutBody } from "./keptRuns.ts";

const FORMS: ReadonlyMap<RecordKind, LangSmithForm> = new Map([
  ["langsmith_multipart", "multipart"],
  ["langsmith_batch", "batch"],
]);

/** Whether some of these records tell of runs. */
export function holdsRuns(records: readonly JournalRecord[]): boolean {
  return records.some(({ kind }) => FORMS.has(kind));
}

/**
 * Puts the runs in the records of one range of the journal together. What each record says is kept first (`rangeToken` names it, so that a
 * repetition changes nothing), redacted where its project has rules; then each run that the range speaks of is read back with everything that was ever said about it, and becomes
 * one whole span. The same range gives the same in the same order again. Records of other sources are passed over.
 * Throws what the store throws; nothing is lost by trying again.
 */
export async function* assembleRuns(
  records: readonly JournalRecord[],
  rangeToken: string,
  store: RunPartStore,
  intake: Intake,
  tally: PartTally,
): AsyncGenerator<AssembledRuns> {
  const runs = new KeptRuns(rangeToken, store, intake, tally);
  for (const record of records) {
    const form = FORMS.get(record.kind);
    if (form === undefined) continue;
    const { operations, feedback, unreadable } = readRecord(record, form);
    tally.countJournaled(record, operations.length);
    for (const operation of operations) {
      if (await runs.keep(record, operation)) continue;
      const reason = `the run ${operation.runId} in this request is nested too deep`;
      unreadable.push({ reason, text: record.body.toString("base64"), refused: { word: "nested_too_deep", count: 1 } });
    }
    yield { record: withoutBody(record), spans: [], logRecords: feedback.map(scoreOfFeedback), unreadable, fate: "journaled" };
  }
  yield* runs.assembled();
}

type ReadRecord = Pick<LangSmithRequest, "operations" | "feedback"> & { unreadable: Unreadable[] };

function readRecord({ body, compression, counts }: JournalRecord, form: LangSmithForm): ReadRecord {
  try {
    const { operations, feedback, unreadable } = decodeLangSmith(plainBody(body, compression), form);
    return { operations, feedback, unreadable: unreadable.map(({ reason, record }) => ({ reason, text: record, refused: null })) };
  } catch (error) {
    const reason = `the request cannot be decoded any more: ${(error as Error).message}`;
    const refused = { word: "undecodable", count: counts === null ? 1 : acceptedOf(counts) } as const;
    return { operations: [], feedback: [], unreadable: [{ reason, text: body.toString("base64"), refused }] };
  }
}
