import type { JournalPlace } from "@signalbox/db/prisma";
import { AppError, type TaskEvent } from "@signalbox/model";

/** Where a stream begins: behind `place`; `hasEnded` when its reader has seen the end of the task that was then. */
export type StreamStart = { place: JournalPlace; hasEnded: boolean };

const BEGINNING: StreamStart = { place: { seq: -1, step: 0 }, hasEnded: false };

const EVENT_ID = /^(-1|\d{1,9})\.(\d{1,9})(\.end)?$/;

/**
 * Reads a `Last-Event-ID`; without one (undefined or empty) a stream begins
 * at the beginning. Throws `invalid_input` for what is none of ours.
 */
export function streamStart(lastEventId: string | undefined): StreamStart {
  if (lastEventId === undefined || lastEventId === "") return BEGINNING;
  const [, seq, step, end] = EVENT_ID.exec(lastEventId) ?? [];
  if (seq === undefined || step === undefined) throw new AppError("invalid_input", "Last-Event-ID is not an id of this stream.");
  return { place: { seq: Number(seq), step: Number(step) }, hasEnded: end !== undefined };
}

/** An event as it travels (WHATWG HTML, server-sent events). `place` is where a reader who has seen it goes on. */
export function eventText({ kind, data }: TaskEvent, { seq, step }: JournalPlace): string {
  return `id: ${seq}.${step}${kind === "end" ? ".end" : ""}\nevent: ${kind}\ndata: ${JSON.stringify(data)}\n\n`;
}

/** What readers ignore. */
export function commentText(comment: string): string {
  return `: ${comment}\n\n`;
}

/** How soon a reader whose stream broke comes back, in milliseconds. */
export function retryText(ms: number): string {
  return `retry: ${ms}\n\n`;
}
