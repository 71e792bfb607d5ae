import { decisionRow, logRow, rejectedRow, scoreRow, type TelemetryRow } from "@signalbox/db/clickhouse";
import { decodeLogRecords, decodeSpans, FAULTS, faultOfLogRecord, type OtlpLogRecord, plainBody, recordText } from "../decode/index.ts";
import type { JournalRecord } from "../journal/index.ts";
import { normaliseLogRecord, type SpanToWrite, scoresOfSpan } from "../normalise/index.ts";
import type { Chunk } from "./chunk.ts";
import { RowChunks } from "./rowChunks.ts";
import { SpanChunks } from "./spanChunks.ts";
import { visitSpans } from "./visitSpans.ts";

/**
 * Turns the requests of a batch into chunks, in an order that is always the same. What cannot become a row of its own becomes one of
 * `rejected`; never throws.
 */
export class BatchChunks {
  readonly #rows = new RowChunks();
  readonly #spans: SpanChunks;
  #full: Chunk[] = [];

  constructor(records: readonly JournalRecord[]) {
    this.#spans = new SpanChunks((show) => {
      for (const record of records) if (record.source === "otlp_traces") showSpans(record, show);
    });
  }

  /** Takes the next record; returns the chunks that are full. */
  add(record: JournalRecord): Chunk[] {
    this.#full = [];
    try {
      this.#addRecords(record);
    } catch (error) {
      const reason = `the request cannot be decoded any more: ${(error as Error).message}`;
      this.#addRow(rejectedOf(record, reason, record.body.toString("base64")));
    }
    return this.#full;
  }

  /** The chunks that are not full. */
  rest(): Chunk[] {
    const spans = this.#spans.rest();
    return spans === null ? this.#rows.rest() : [spans, ...this.#rows.rest()];
  }

  #addRecords(request: JournalRecord): void {
    switch (request.source) {
      case "otlp_traces":
        this.#addSpans(request);
        break;
      case "otlp_logs":
        this.#addLogRecords(request);
        break;
    }
  }

  #addSpans(request: JournalRecord): void {
    let decoded: unknown[] | null = null;
    const textOf = (place: number): string => {
      decoded ??= decodeSpans(plainBody(request.body, request.compression), request.encoding);
      return recordText(decoded[place]);
    };
    visitSpans(request, {
      span: (toWrite, place) => {
        const full = this.#spans.makeRoomFor(toWrite.span);
        if (full !== null) this.#full.push(full);
        try {
          const details = this.#spans.add(toWrite);
          if (details !== null) for (const score of scoresOfSpan(details, request.project)) this.#addRow(scoreRow(score));
        } catch (error) {
          this.#addRow(rejectedOf(request, notCanonical(error), textOf(place)));
        }
      },
      faulty: (fault, place) => this.#addRow(rejectedOf(request, FAULTS[fault], textOf(place))),
    });
  }

  #addLogRecords(request: JournalRecord): void {
    for (const record of decodeLogRecords(plainBody(request.body, request.compression), request.encoding)) {
      const fault = faultOfLogRecord(record, request.receivedAtUs);
      this.#addRow(fault === null ? rowOrRejected(record, request) : rejectedOf(request, FAULTS[fault], recordText(record)));
    }
  }

  #addRow(row: TelemetryRow): void {
    const full = this.#rows.add(row);
    if (full !== null) this.#full.push(full);
  }
}

/** Shows a request's spans again, as far as it can be decoded. */
function showSpans(request: JournalRecord, show: (span: SpanToWrite) => void): void {
  try {
    visitSpans(request, { span: show, faulty: () => {} });
  } catch {}
}

/** A record that our own code fails on must not keep those behind it from the store. */
function rowOrRejected(record: OtlpLogRecord, request: JournalRecord): TelemetryRow {
  try {
    return rowOfLogRecord(record, request);
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
