import { fingerprintOf, type RunPart, type RunPartStore } from "@signalbox/db/clickhouse";
import {
  decodeLangSmith,
  jsonText,
  type LangSmithForm,
  type LangSmithRequest,
  mergeRun,
  type OtlpLogRecord,
  type OtlpSpan,
  plainBody,
  type ReceivedOperation,
  type RunFields,
  scoreOfFeedback,
  scoresOfRun,
  spanOfRun,
} from "../decode/index.ts";
import { acceptedOf, type JournalRecord, type RecordKind } from "../journal/index.ts";
import { type Intake, redactRun } from "../rules/index.ts";
import { PartChunks } from "./partChunks.ts";

/**
 * Rows assembled from the runs in some records. `record` stands for those records, without a body: it has their project and source, and
 * `receivedAtUs` is the version of all the spans here (the larger one wins).
 */
export interface AssembledRuns {
  record: JournalRecord;
  spans: OtlpSpan[];
  logRecords: OtlpLogRecord[];
  unreadable: Unreadable[];
  /** Whether these rows came in the records themselves, or were made from them. */
  fate: "journaled" | "made";
}

/** An unreadable part, with the reason. `refused` is what is counted as refused for it; null if its sender was told. */
interface Unreadable {
  reason: string;
  text: string;
  refused: { word: "undecodable" | "nested_too_deep" | "incomplete_run"; count: number } | null;
}

/** Counts a record's parts of runs, and the stored ones by their rows' fingerprints. */
export interface PartTally {
  countJournaled(record: JournalRecord, count: number): void;
  rowsOf(record: JournalRecord): { add(fingerprint: number): void };
}

const FORMS: ReadonlyMap<RecordKind, LangSmithForm> = new Map([
  ["langsmith_multipart", "multipart"],
  ["langsmith_batch", "batch"],
]);

/** How many runs are read and assembled at a time, which bounds memory. */
const RUNS_AT_ONCE = 250;

/** Whether some of these records hold parts of runs. */
export function holdsRuns(records: readonly JournalRecord[]): boolean {
  return records.some(({ kind }) => FORMS.has(kind));
}

/**
 * Assembles the runs in the records of one range of the journal. Each record's parts are stored first (`rangeToken` names the insert, so
 * that a repetition changes nothing), redacted where the project has rules. Then every run mentioned in the range is read back with all its
 * parts ever received, and becomes one whole span. The same range gives the same result in the same order again. Records of other sources
 * are skipped. Throws the store's errors; nothing is lost by trying again.
 */
export async function* assembleRuns(
  records: readonly JournalRecord[],
  rangeToken: string,
  store: RunPartStore,
  intake: Intake,
  tally: PartTally,
): AsyncGenerator<AssembledRuns> {
  const touched = new Map<string, { record: JournalRecord; runIds: Set<string> }>();
  const chunks = new PartChunks(rangeToken, store);
  for (const record of records) {
    const form = FORMS.get(record.kind);
    if (form === undefined) continue;
    const { project, receivedAtUs } = record;
    const { operations, feedback, unreadable } = readRecord(record, form);
    tally.countJournaled(record, operations.length);
    const rows = tally.rowsOf(record);
    const runs = touched.get(project) ?? { record: withoutBody(record), runIds: new Set() };
    touched.set(project, runs);
    const { redactor } = intake.of(project);
    for (const { kind, runId, fields: told } of operations) {
      const fields = redactor === null ? told : redactRun(told, redactor);
      const body = jsonText(fields);
      if (body === null) {
        const refused = { word: "nested_too_deep", count: 1 } as const;
        unreadable.push({ reason: `the run ${runId} in this request is nested too deep`, text: record.body.toString("base64"), refused });
        continue;
      }
      runs.runIds.add(runId);
      const names = Object.keys(fields).sort().join();
      rows.add(fingerprintOf(runId, kind, names));
      await chunks.add({ project, runId, operation: kind, fields: names, body, source: record.source, receivedAtUs });
    }
    yield { record: withoutBody(record), spans: [], logRecords: feedback.map(scoreOfFeedback), unreadable, fate: "journaled" };
  }
  await chunks.flush();
  for (const [project, { record, runIds }] of touched) {
    const ids = [...runIds];
    for (let from = 0; from < ids.length; from += RUNS_AT_ONCE) {
      const some = ids.slice(from, from + RUNS_AT_ONCE);
      yield* assembled(record, some, await store.read(project, some));
    }
  }
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

const NO_BODY = Buffer.alloc(0);

function withoutBody(record: JournalRecord): JournalRecord {
  return { ...record, compression: "identity", body: NO_BODY };
}

/**
 * The rows of `runIds`, always in the order of the ids: how a range is cut into inserts must not depend on parts that later ranges add to
 * its runs. Neighbours with the same version are grouped.
 */
function assembled(record: JournalRecord, runIds: readonly string[], parts: readonly RunPart[]): AssembledRuns[] {
  const partsOf = Map.groupBy(parts, ({ runId }) => runId);
  const groups: AssembledRuns[] = [];
  for (const runId of runIds) {
    const known = partsOf.get(runId) ?? [];
    const receivedAtUs = versionOf(known);
    let group = groups.at(-1);
    if (group?.record.receivedAtUs !== receivedAtUs) {
      group = { record: { ...record, receivedAtUs }, spans: [], logRecords: [], unreadable: [], fate: "made" };
      groups.push(group);
    }
    const outcome = outcomeOf(runId, known);
    group.spans.push(...outcome.spans);
    group.logRecords.push(...outcome.logRecords);
    group.unreadable.push(...outcome.unreadable);
  }
  return groups;
}

/**
 * A span's version: the time at which its last part was received, plus one microsecond per part. A span of more parts thus replaces one of
 * fewer, even if the clock went back or another collector wrote it at the same time.
 */
function versionOf(parts: readonly RunPart[]): number {
  return parts.reduce((latest, { receivedAtUs }) => Math.max(latest, receivedAtUs), 0) + parts.length;
}

type Outcome = Omit<AssembledRuns, "record" | "fate">;

/** A run that makes our own code fail must not keep the others from the store. */
function outcomeOf(runId: string, parts: readonly RunPart[]): Outcome {
  try {
    const fields = mergeRun(parts.map(receivedOperation));
    const outcome = spanOfRun(runId, fields);
    if (outcome.kind === "incomplete") return refused(outcome.reason, parts);
    return { spans: [outcome.span], logRecords: scoresOfRun(fields, outcome.span.traceId), unreadable: [] };
  } catch (error) {
    return refused(`the run cannot be put together: ${(error as Error).message}`, parts);
  }
}

function refused(reason: string, parts: readonly RunPart[]): Outcome {
  const text = JSON.stringify(parts.map(({ operation, body }) => ({ operation, body })));
  return { spans: [], logRecords: [], unreadable: [{ reason, text, refused: { word: "incomplete_run", count: 1 } }] };
}

function receivedOperation({ operation, body, receivedAtUs }: RunPart): ReceivedOperation {
  return { kind: operation as ReceivedOperation["kind"], fields: JSON.parse(body) as RunFields, receivedAtUs };
}
