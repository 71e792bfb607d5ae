import type { JournalPlace } from "@signalbox/db/prisma";
import { AppError, type TaskEvent } from "@signalbox/model";

/** Where a stream begins: after `place`. `hasEnded` means that the reader has already seen the end of the task. */
export type StreamStart = { place: JournalPlace; hasEnded: boolean };

const BEGINNING: StreamStart = { place: { seq: -1, step: 0 }, hasEnded: false };

const EVENT_ID = /^(-1|\d{1,9})\.(\d{1,9})(\.end)?$/;

/**
 * Parses a `Last-Event-ID`; without one (undefined or empty) the stream starts at the beginning. Throws `invalid_input` for an id that is
 * not one of ours.
 */
export function streamStart(lastEventId: string | undefined): StreamStart {
  if (lastEventId === undefined || lastEventId === "") return BEGINNING;
  const [, seq, step, end] = EVENT_ID.exec(lastEventId) ?? [];
  if (seq === undefined || step === undefined) throw new AppError("invalid_input", "Last-Event-ID is not an id of this stream.");
  return { place: { seq: Number(seq), step: Number(step) }, hasEnded: end !== undefined };
}

/** An event in wire format (WHATWG HTML, server-sent events). `place` is where a reader that has seen it resumes. */
export function eventText({ kind, data }: TaskEvent, { seq, step }: JournalPlace): string {
  return `id: ${seq}.${step}${kind === "end" ? ".end" : ""}\nevent: ${kind}\ndata: ${JSON.stringify(data)}\n\n`;
}

/** A comment line, which readers ignore. */
export function commentText(comment: string): string {
  return `: ${comment}\n\n`;
}

/** The field that sets a reader's reconnection delay, in milliseconds. */
export function retryText(ms: number): string {
  return `retry: ${ms}\n\n`;
}
