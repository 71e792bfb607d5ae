import type { Journal, Range, RangeContents } from "../../journal/index.ts";
import type { WRITER_METRICS } from "../../metrics.ts";
import type { RulesByProject } from "../../rules/index.ts";

/** How far the journal is, as the writer's thread has to know it. */
export type JournalState = Pick<Journal, "progress" | "unstored" | "untaken" | "untakenBytes">;

/** What the writer's thread is started with. */
export interface WriterStart {
  clickhouseUrl: string;
  /** Where the embedded store gets large inserts from, if it is the store. */
  handoverFolder?: string | undefined;
  logLevel: string;
  journal: { folder: string; id: string; state: JournalState };
  rules: RulesByProject | null;
  batch: { batchBytes: number; batchAgeMs: number };
}

/** What the writer's thread is told. `answered` ends an `intend` or a `stored` of `FromWriter`; with a `failure` it was not done. */
export type ToWriter =
  | { kind: "durable"; state: JournalState }
  | { kind: "answered"; call: number; failure: string | null; state: JournalState }
  | { kind: "rules"; rules: RulesByProject }
  | { kind: "end"; graceMs: number };

/** What it tells: calls of the journal's that are answered when they are durable, and what needs no answer. */
export type FromWriter =
  | { kind: "intend" | "stored"; call: number; range: Range }
  | { kind: "took"; range: Range; contents: RangeContents }
  | { kind: "counted"; counted: readonly Counted[] };

/** So much is to be added to a counter. */
export interface Counted {
  metric: (typeof WRITER_METRICS)[number];
  labels: Readonly<Record<string, string>>;
  value: number;
}
