import { Fate, IngestSource } from "@signalbox/model";
import { z } from "zod";
import type { JournalRecord } from "./record.ts";

const TallyEntry = z.strictObject({
  project: z.string(),
  source: IngestSource,
  receivedAtUs: z.number(),
  fate: Fate.exclude(["stored"]),
  reason: z.string(),
  count: z.number(),
});

/** A count of records that were received at about the same time and had the same fate for the same reason. */
export type TallyEntry = z.infer<typeof TallyEntry>;

/** A record without telemetry: counts of requests that are in no other record. */
export function tallyRecord(entries: readonly TallyEntry[], nowUs: number): JournalRecord {
  return {
    receivedAtUs: nowUs,
    kind: "tally",
    source: "otlp_traces_http",
    encoding: "json",
    compression: "identity",
    project: "",
    counts: { received: 0, rejected: {} },
    body: Buffer.from(JSON.stringify(entries)),
  };
}

/** The counts in a tally record; none for any other record. */
export function tallyOf({ kind, body }: JournalRecord): TallyEntry[] {
  return kind === "tally" ? z.array(TallyEntry).parse(JSON.parse(body.toString())) : [];
}
