import type { Journal, Range, RangeContents } from "../../journal/index.ts";
import type { WRITER_METRICS } from "../../metrics.ts";
import type { RulesByProject } from "../../rules/index.ts";

/** The state of the journal that the writer's thread needs. */
export type JournalState = Pick<Journal, "progress" | "unstored" | "untaken" | "untakenBytes">;

/** The start parameters of the writer's thread. */
export interface WriterStart {
  clickhouseUrl: string;
  /** The folder from which the embedded store takes large inserts, if that is the store. */
  handoverFolder?: string | undefined;
  logLevel: string;
  journal: { folder: string; id: string; state: JournalState };
  rules: RulesByProject | null;
  batch: { batchBytes: number; batchAgeMs: number };
}

/** A message to the writer's thread. `answered` completes an `intend` or a `stored` of `FromWriter`; with a `failure` it was not done. */
export type ToWriter =
  | { kind: "durable"; state: JournalState }
  | { kind: "answered"; call: number; failure: string | null; state: JournalState }
  | { kind: "rules"; rules: RulesByProject }
  | { kind: "end"; graceMs: number };

/** A message from the writer's thread: calls of the journal that are answered when they are durable, and notes that need no answer. */
export type FromWriter =
  | { kind: "intend" | "stored"; call: number; range: Range }
  | { kind: "took"; range: Range; contents: RangeContents }
  | { kind: "counted"; counted: readonly Counted[] };

/** An amount to add to a counter. */
export interface Counted {
  metric: (typeof WRITER_METRICS)[number];
  labels: Readonly<Record<string, string>>;
  value: number;
}
