import { fingerprintOf, type RunPart, type RunPartStore } from "@signalbox/db/clickhouse";
import {
  jsonText,
  mergeRun,
  type OtlpLogRecord,
  type OtlpSpan,
  type ReceivedOperation,
  type RunFields,
  type RunOperation,
  scoresOfRun,
  spanOfRun,
} from "../decode/index.ts";
import type { JournalRecord } from "../journal/index.ts";
import { type Intake, redactRun } from "../rules/index.ts";
import { PartChunks } from "./partChunks.ts";

/**
 * What came of the runs in some records. `record` stands for those records, without a body: its project and source, and as `receivedAtUs` the
 * version of all the spans here (the larger one wins).
 */
export interface AssembledRuns {
  record: JournalRecord;
  spans: OtlpSpan[];
  logRecords: OtlpLogRecord[];
  unreadable: Unreadable[];
  /** Whether these came in the records, or were made of what did. */
  fate: "journaled" | "made";
}

/** A part that cannot be read, and why; and what is counted as refused by it, null where its sender was told. */
export interface Unreadable {
  reason: string;
  text: string;
  refused: { word: "undecodable" | "nested_too_deep" | "incomplete_run"; count: number } | null;
}

/** Counts the parts of runs that a record has, and those that are kept by their rows' fingerprints. */
export interface PartTally {
  countJournaled(record: JournalRecord, count: number): void;
  rowsOf(record: JournalRecord): { add(fingerprint: number): void };
}

/** Runs that are read and put together at a time, which bounds what is held in memory. */
const RUNS_AT_ONCE = 250;

/** Keeps what one range of the journal says of runs, under tokens that `rangeToken` begins, and then puts these runs together. */
export class KeptRuns {
  readonly #store: RunPartStore;
  readonly #intake: Intake;
  readonly #tally: PartTally;
  readonly #chunks: PartChunks;
  readonly #touched = new Map<string, { record: JournalRecord; runIds: Set<string> }>();

  constructor(rangeToken: string, store: RunPartStore, intake: Intake, tally: PartTally) {
    this.#store = store;
    this.#intake = intake;
    this.#tally = tally;
    this.#chunks = new PartChunks(rangeToken, store);
  }

  /** Keeps what a record says of a run, redacted where its project has rules. False where it is nested too deep to be kept. */
  async keep(record: JournalRecord, { kind, runId, fields: told }: RunOperation): Promise<boolean> {
    const { project, source, receivedAtUs } = record;
    const { redactor } = this.#intake.of(project);
    const fields = redactor === null ? told : redactRun(told, redactor);
    const body = jsonText(fields);
    if (body === null) return false;
    const runs = this.#touched.get(project) ?? { record: { ...withoutBody(record), source: SOURCE_OF_RUNS }, runIds: new Set() };
    this.#touched.set(project, runs);
    runs.runIds.add(runId);
    const names = Object.keys(fields).sort().join();
    this.#tally.rowsOf(record).add(fingerprintOf(runId, kind, names));
    await this.#chunks.add({ project, runId, operation: kind, fields: names, body, source, receivedAtUs });
    return true;
  }

  /** The runs of which something was kept, each with everything that was ever said about it. */
  async *assembled(): AsyncGenerator<AssembledRuns> {
    await this.#chunks.flush();
    for (const [project, { record, runIds }] of this.#touched) {
      const ids = [...runIds];
      for (let from = 0; from < ids.length; from += RUNS_AT_ONCE) {
        const some = ids.slice(from, from + RUNS_AT_ONCE);
        yield* assembled(record, some, await this.#store.read(project, some));
      }
    }
  }
}

/** By which way a run's span came in, whichever its latest part took: by this it is found again (`FindRuns`). */
const SOURCE_OF_RUNS = "langsmith" as const;

const NO_BODY = Buffer.alloc(0);

export function withoutBody(record: JournalRecord): JournalRecord {
  return { ...record, compression: "identity", body: NO_BODY };
}

/**
 * What becomes of `runIds`, always in the order of the ids: how a range is cut into inserts must not change with what later ranges say of its
 * runs. Neighbours of one version are together.
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
 * When the last part was received, and one microsecond for each part: a span that was made of more parts takes the place of one that was
 * made of fewer, even where the clock went back or another collector wrote it at the same time.
 */
function versionOf(parts: readonly RunPart[]): number {
  return parts.reduce((latest, { receivedAtUs }) => Math.max(latest, receivedAtUs), 0) + parts.length;
}

type Outcome = Omit<AssembledRuns, "record" | "fate">;

/** A run that our own code fails on must not keep the others from the store. */
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
