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

/** So many records that came in about then had the same fate for the same reason. */
export type TallyEntry = z.infer<typeof TallyEntry>;

/** A record that carries no telemetry: what is told of requests that are in no other record. */
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

/** What a record tells besides its own counts: nothing, unless it is a tally. */
export function tallyOf({ kind, body }: JournalRecord): TallyEntry[] {
  return kind === "tally" ? z.array(TallyEntry).parse(JSON.parse(body.toString())) : [];
}
