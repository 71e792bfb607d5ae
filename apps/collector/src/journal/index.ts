export { type AppendOutcome, Journal, type JournalOptions } from "./journal.ts";
export type { JournalRecord, Source } from "./record.ts";
export { type Range, syncFolder } from "./segments.ts";
