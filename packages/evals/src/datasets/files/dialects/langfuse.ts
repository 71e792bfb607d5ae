import { DatasetItemContent } from "@signalbox/model";
import { z } from "zod";
import { type Dialect, hasField, itemOf, LooseId, LooseMetadata } from "./dialect.ts";

/** A dataset item as in Langfuse's API (camelCase) and in its files (snake_case). A trace's id is OpenTelemetry's. */
const Row = z.object({
  id: LooseId,
  input: z.unknown(),
  expectedOutput: z.unknown().optional(),
  expected_output: z.unknown().optional(),
  metadata: LooseMetadata,
  status: z.string().nullish(),
  sourceTraceId: z.string().nullish(),
  source_trace_id: z.string().nullish(),
});

export const langfuse: Dialect = {
  name: "langfuse",
  knows: (row) =>
    hasField(row, "input") &&
    hasField(row, "expected_output", "status", "sourceTraceId", "source_trace_id", "datasetId", "dataset_id", "datasetName"),
  read(row) {
    const { id, input, metadata, status, ...read } = Row.parse(row);
    if (status === "ARCHIVED") return { kind: "passed_over", reason: "archived" };
    const traceId = read.sourceTraceId ?? read.source_trace_id ?? null;
    return itemOf(
      id,
      DatasetItemContent.parse({
        input,
        expectedOutput: read.expectedOutput ?? read.expected_output ?? null,
        metadata,
        source: traceId === null || traceId === "" ? null : { traceId },
      }),
    );
  },
};
