import { createHash } from "node:crypto";
import { decisionRow, logRow, metricPointRow, rejectedRow, scoreRow, type TelemetryRow } from "@signalbox/db/clickhouse";
import type { Redactor } from "@signalbox/model";
import { FAULTS, type Fault, faultOfLogRecord, faultOfMetricPoint, type OtlpLogRecord, recordText } from "../decode/index.ts";
import type { JournalRecord } from "../journal/index.ts";
import { normaliseLogRecord, normaliseMetricPoint, type SpanToWrite, scoresOfSpan } from "../normalise/index.ts";
import type { Intake } from "../rules/index.ts";
import type { Chunk } from "./chunk.ts";
import { RowChunks } from "./rowChunks.ts";
import { SpanChunks } from "./spanChunks.ts";
import { type Telemetry, telemetryOf } from "./telemetryOf.ts";
import { visitSpans } from "./visitSpans.ts";

/**
 * Turns the requests of a batch into chunks, in an order that is always the same. What cannot become a row of its own becomes one of
 * `rejected`; never throws.
 */
export class BatchChunks {
  readonly #intake: Intake;
  readonly #rows = new RowChunks();
  readonly #spans = new SpanChunks((show) => {
    for (const { request, read } of this.#taken) showSpans(request, this.#intake.of(request.project).headShare, read, show);
  });
  /** Requests whose spans are in a chunk, and how to read them again. */
  readonly #taken: { request: JournalRecord; read: () => Telemetry }[] = [];
  #full: Chunk[] = [];

  constructor(intake: Intake) {
    this.#intake = intake;
  }

  /** Takes the next request; returns the chunks that are full. `read` gives what it carries. */
  add(request: JournalRecord, read: Read = (redactor) => telemetryOf(request, redactor)): Chunk[] {
    this.#full = [];
    const { redactor, quietRedactor } = this.#intake.of(request.project);
    try {
      const telemetry = read(redactor);
      this.#addSpans(request, telemetry, () => read(quietRedactor));
      this.#addRows(request, telemetry);
    } catch (error) {
      const reason = `the request cannot be decoded any more: ${(error as Error).message}`;
      this.#addRow(rejectedOf(request, reason, redactor === null ? request.body.toString("base64") : withheld(request.body, redactor)));
    }
    return this.#full;
  }

  /** The chunks that are not full. */
  rest(): Chunk[] {
    const spans = this.#spans.rest();
    return spans === null ? this.#rows.rest() : [spans, ...this.#rows.rest()];
  }

  #addSpans(request: JournalRecord, { traces, decodedSpans }: Telemetry, read: () => Telemetry): void {
    if (traces === null) return;
    this.#taken.push({ request, read });
    const reject = (reason: string, place: number) => this.#addRow(rejectedOf(request, reason, recordText(decodedSpans()[place])));
    const { headShare } = this.#intake.of(request.project);
    let sampledOut = 0;
    visitSpans(traces, request, headShare, {
      span: (toWrite, place) => {
        const full = this.#spans.makeRoomFor(toWrite.span);
        if (full !== null) this.#full.push(full);
        try {
          const details = this.#spans.add(toWrite);
          if (details !== null) for (const score of scoresOfSpan(details, request.project)) this.#addRow(scoreRow(score));
        } catch (error) {
          reject(notCanonical(error), place);
        }
      },
      sampledOut: () => {
        sampledOut += 1;
      },
      faulty: (fault, place) => reject(FAULTS[fault], place),
    });
    this.#intake.noteSampledOut(request, sampledOut);
  }

  #addRows(request: JournalRecord, { logRecords, metricPoints, unreadable }: Telemetry): void {
    const { project, receivedAtUs } = request;
    for (const record of logRecords) this.#addRow(rowOr(record, request, faultOfLogRecord, rowOfLogRecord));
    for (const point of metricPoints) {
      this.#addRow(rowOr(point, request, faultOfMetricPoint, () => metricPointRow(normaliseMetricPoint(point, project), receivedAtUs)));
    }
    for (const { reason, text } of unreadable) this.#addRow(rejectedOf(request, reason, text));
  }

  #addRow(row: TelemetryRow): void {
    const full = this.#rows.add(row);
    if (full !== null) this.#full.push(full);
  }
}

/** Gives what a request carries, redacted where its project has rules. */
type Read = (redactor: Redactor | null) => Telemetry;

/** What is kept of a body in which nothing can be found, and so nothing redacted: enough to tell it from others. */
function withheld(body: Buffer, redactor: Redactor): string {
  return `${redactor.record("")} sha256:${createHash("sha256").update(body).digest("hex")}`;
}

/** Shows a request's spans again, as far as it can be decoded. */
function showSpans(request: JournalRecord, headShare: number, read: () => Telemetry, show: (span: SpanToWrite) => void): void {
  try {
    const { traces } = read();
    if (traces !== null) visitSpans(traces, request, headShare, { span: show, sampledOut: () => {}, faulty: () => {} });
  } catch {}
}

/** A record's row, or the rejected one of a record that is faulty or that our own code fails on: it must not keep others from the store. */
function rowOr<R>(
  record: R,
  request: JournalRecord,
  faultOf: (record: R, receivedAtUs: number) => Fault | null,
  rowOf: (record: R, request: JournalRecord) => TelemetryRow,
): TelemetryRow {
  const fault = faultOf(record, request.receivedAtUs);
  if (fault !== null) return rejectedOf(request, FAULTS[fault], recordText(record));
  try {
    return rowOf(record, request);
  } catch (error) {
    return rejectedOf(request, notCanonical(error), recordText(record));
  }
}

function rowOfLogRecord(record: OtlpLogRecord, request: JournalRecord): TelemetryRow {
  const { project, receivedAtUs } = request;
  const normalised = normaliseLogRecord(record, project, receivedAtUs);
  switch (normalised.kind) {
    case "decision":
      return decisionRow(project, normalised.decision, normalised.text, receivedAtUs);
    case "score":
      return scoreRow(normalised.score);
    case "log":
      return logRow(normalised.log, receivedAtUs);
    case "unreadable":
      return rejectedOf(request, normalised.reason, recordText(record));
  }
}

function notCanonical(error: unknown): string {
  return `it cannot be brought into the canonical model: ${(error as Error).message}`;
}

function rejectedOf({ project, source, receivedAtUs }: JournalRecord, reason: string, record: string): TelemetryRow {
  return rejectedRow({ project, source, reason, record }, receivedAtUs);
}
