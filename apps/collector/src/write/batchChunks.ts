import { decisionRow, logRow, metricPointRow, rejectedRow, scoreRow, type TelemetryRow } from "@signalbox/db/clickhouse";
import type { Redactor } from "@signalbox/model";
import { sha256 } from "@signalbox/model";
import {
  FAULTS,
  type Fault,
  faultOfLogRecord,
  faultOfMetricPoint,
  type OtlpLogRecord,
  type OtlpMetricPoint,
  type OtlpSpan,
  recordText,
} from "../decode/index.ts";
import { acceptedOf, type JournalRecord } from "../journal/index.ts";
import { decisionOfSpan, normaliseLogRecord, normaliseMetricPoint, type SpanToWrite, scoresOfSpan } from "../normalise/index.ts";
import type { Intake } from "../rules/index.ts";
import type { Chunk } from "./chunk.ts";
import { RowChunks } from "./rowChunks.ts";
import { fingerprintOfSpan, SpanChunks } from "./spanChunks.ts";
import type { Tally } from "./tally.ts";
import { type RefusalWord, type Telemetry, telemetryOf } from "./telemetryOf.ts";
import { visitSpans } from "./visitSpans.ts";

/**
 * Turns the requests of a batch into chunks, always in the same order. A record that cannot become a row becomes one of `rejected`; never
 * throws.
 */
export class BatchChunks {
  readonly #intake: Intake;
  readonly #rows = new RowChunks();
  readonly #spans = new SpanChunks((show) => {
    for (const { request, read } of this.#taken) showSpans(request, this.#intake.of(request.project).headShare, read, show);
  });
  /** Requests with spans in a chunk, and functions that read them again. */
  readonly #taken: { request: JournalRecord; read: () => Telemetry }[] = [];
  readonly #tally: Tally;
  #full: Chunk[] = [];

  /** `tally` counts what happens to the records. */
  constructor(intake: Intake, tally: Tally) {
    this.#intake = intake;
    this.#tally = tally;
  }

  /** Adds the next request; returns the chunks that are now full. `read` returns its telemetry. */
  add(request: JournalRecord, read: Read = (redactor) => telemetryOf(request, redactor)): Chunk[] {
    this.#full = [];
    const { redactor, quietRedactor } = this.#intake.of(request.project);
    try {
      const telemetry = read(redactor);
      this.#addSpans(request, telemetry, () => read(quietRedactor));
      this.#addRows(request, telemetry);
    } catch (error) {
      const accepted = request.counts === null ? 1 : acceptedOf(request.counts);
      this.#tally.countJournaled(request, accepted);
      this.#tally.count(request, "refused", accepted, UNDECODABLE);
      const reason = `the request cannot be decoded any more: ${(error as Error).message}`;
      const text = bodyText(request, redactor);
      this.#addRow(request, rejectedOf(request, reason, text));
    }
    return this.#full;
  }

  /** The chunks that are not full. */
  rest(): Chunk[] {
    const spans = this.#spans.rest();
    return spans === null ? this.#rows.rest() : [spans, ...this.#rows.rest()];
  }

  #addSpans(request: JournalRecord, { traces, decodedSpans, fate }: Telemetry, read: () => Telemetry): void {
    if (traces === null) return;
    this.#taken.push({ request, read });
    const { headShare } = this.#intake.of(request.project);
    const rows = this.#tally.rowsOf(request);
    let spans = 0;
    let sampledOut = 0;
    const reject = (reason: string, place: number) => this.#addRow(request, rejectedOf(request, reason, recordText(decodedSpans()[place])));
    visitSpans(traces, request, headShare, {
      span: (toWrite, place) => {
        spans += 1;
        const full = this.#spans.makeRoomFor(toWrite.span);
        if (full !== null) this.#full.push(full);
        try {
          const details = this.#spans.add(toWrite);
          rows.add(fingerprintOfSpan(toWrite.span));
          if (details !== null) this.#addTold(request, details);
        } catch (error) {
          this.#tally.count(request, "refused", 1, NOT_CANONICAL);
          reject(notCanonical(error), place);
        }
      },
      sampledOut: () => {
        sampledOut += 1;
      },
      faulty: (fault, place) => {
        this.#countFaulty(request, fate);
        reject(FAULTS[fault], place);
      },
    });
    this.#count(request, fate, spans + sampledOut);
    this.#tally.count(request, "sampled", sampledOut, HEAD);
  }

  /** Adds the rows that a span yields besides its own: scores and a decision. */
  #addTold(request: JournalRecord, span: OtlpSpan): void {
    const scores = scoresOfSpan(span, request.project);
    const decision = decisionOfSpan(span, request.project);
    this.#tally.count(request, "made", scores.length + (decision === null ? 0 : 1));
    for (const score of scores) this.#addRow(request, scoreRow(score, request));
    if (decision !== null) this.#addRow(request, decisionRow(request.project, decision, JSON.stringify(decision), request));
  }

  #addRows(request: JournalRecord, { logRecords, metricPoints, unreadable, fate }: Telemetry): void {
    for (const record of logRecords) this.#addRecord(record, request, fate, faultOfLogRecord, rowOfLogRecord);
    for (const point of metricPoints) this.#addRecord(point, request, fate, faultOfMetricPoint, rowOfMetricPoint);
    for (const { reason, text, refused } of unreadable) {
      if (refused !== null) this.#tally.count(request, "refused", refused.count, refused.word);
      if (refused !== null && fate === "made") this.#tally.count(request, "made", refused.count);
      this.#addRow(request, rejectedOf(request, reason, text));
    }
  }

  /** Adds a record's row, or a rejected one if the record is faulty or makes our own code fail: it must not keep others from the store. */
  #addRecord<R>(
    record: R,
    request: JournalRecord,
    fate: Telemetry["fate"],
    faultOf: (record: R, receivedAtUs: number) => Fault | null,
    rowOf: (record: R, request: JournalRecord) => RowOrNot,
  ): void {
    const fault = faultOf(record, request.receivedAtUs);
    if (fault !== null) {
      this.#countFaulty(request, fate);
      this.#addRow(request, rejectedOf(request, FAULTS[fault], recordText(record)));
      return;
    }
    this.#count(request, fate, 1);
    const outcome = rowOrNot(() => rowOf(record, request));
    if (outcome.kind === "none") this.#tally.count(request, "refused", 1, outcome.word);
    this.#addRow(request, outcome.kind === "row" ? outcome.row : rejectedOf(request, outcome.reason, recordText(record)));
  }

  #count(request: JournalRecord, fate: Telemetry["fate"], count: number): void {
    if (fate === "journaled") this.#tally.countJournaled(request, count);
    else this.#tally.count(request, fate, count);
  }

  /**
   * Counts a faulty record. One that came in a request was counted as rejected when that was answered; one that we made ourselves was not.
   */
  #countFaulty(request: JournalRecord, fate: Telemetry["fate"]): void {
    if (fate === "journaled") return;
    this.#tally.count(request, "made", 1);
    this.#tally.count(request, "refused", 1, FAULTY);
  }

  #addRow(reception: JournalRecord, row: TelemetryRow): void {
    if (row.table !== "rejected") this.#tally.rowsOf(reception).add(row.fingerprint);
    const full = this.#rows.add({ ...row, reception });
    if (full !== null) this.#full.push(full);
  }
}

/** Returns a request's telemetry, redacted where its project has rules. */
type Read = (redactor: Redactor | null) => Telemetry;

/**
 * The stored text of an unreadable body. If it may hold a secret, this is only its hash, enough to tell it from others. Every Azure item
 * holds a key.
 */
function bodyText({ body, kind }: JournalRecord, redactor: Redactor | null): string {
  if (redactor === null && kind !== "azure_track") return body.toString("base64");
  return `${redactor?.record("") ?? ""} sha256:${sha256(body)}`.trimStart();
}

const UNDECODABLE: RefusalWord = "undecodable";
const NOT_CANONICAL: RefusalWord = "not_canonical";
const FAULTY: RefusalWord = "faulty";

/** The reason for dropping a span by its trace id alone. */
const HEAD = "head";

/** A record's row, or the reason why it has none. */
type RowOrNot = { kind: "row"; row: TelemetryRow } | { kind: "none"; word: RefusalWord; reason: string };

/** Passes a request's spans to `show` again, as far as they can be decoded. */
function showSpans(request: JournalRecord, headShare: number, read: () => Telemetry, show: (span: SpanToWrite) => void): void {
  try {
    const { traces } = read();
    if (traces !== null) visitSpans(traces, request, headShare, { span: show, sampledOut: () => {}, faulty: () => {} });
  } catch {}
}

function rowOrNot(rowOf: () => RowOrNot): RowOrNot {
  try {
    return rowOf();
  } catch (error) {
    return { kind: "none", word: NOT_CANONICAL, reason: notCanonical(error) };
  }
}

function rowOfMetricPoint(point: OtlpMetricPoint, request: JournalRecord): RowOrNot {
  return { kind: "row", row: metricPointRow(normaliseMetricPoint(point, request.project), request) };
}

function rowOfLogRecord(record: OtlpLogRecord, request: JournalRecord): RowOrNot {
  const normalised = normaliseLogRecord(record, request.project, request.receivedAtUs);
  switch (normalised.kind) {
    case "decision":
      return { kind: "row", row: decisionRow(request.project, normalised.decision, normalised.text, request) };
    case "score":
      return { kind: "row", row: scoreRow(normalised.score, request) };
    case "log":
      return { kind: "row", row: logRow(normalised.log, request) };
    case "unreadable":
      return { kind: "none", word: "no_decision", reason: normalised.reason };
  }
}

function notCanonical(error: unknown): string {
  return `it cannot be brought into the canonical model: ${(error as Error).message}`;
}

function rejectedOf({ project, source, receivedAtUs }: JournalRecord, reason: string, record: string): TelemetryRow {
  return rejectedRow({ project, source, reason, record }, receivedAtUs);
}
