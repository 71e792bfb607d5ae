export type { AppendOutcome } from "./appender.ts";
export { contentsOf, type RangeContents, type WaitingRecords } from "./backlog.ts";
export { Journal, type JournalOptions } from "./journal.ts";
export { acceptedOf, type JournalRecord, type RecordKind, type RequestCounts } from "./record.ts";
export { SegmentReader } from "./segmentReader.ts";
export { type Range, syncFolder } from "./segments.ts";
export { type TallyEntry, tallyOf, tallyRecord } from "./tallyRecord.ts";
