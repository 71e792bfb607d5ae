import { SpanKind, SpanStatus, type TraceStatus } from "@signalbox/model";
import { z } from "zod";
import type { TraceKey } from "./traceList.ts";

/**
 * A row of the trace list. Sums count every model call once; `inputTokens` and `outputTokens` are null,
 * `costUsd` is 0 where no span has any. `spansWithoutCost` counts the model calls of unknown cost, so that a sum
 * can be shown as a lower bound. `preview` is the beginning of the question, as far as the root span has it.
 */
export type TraceSummary = TraceKey & {
  endTimeUnixNano: string;
  status: TraceStatus;
  name: string;
  kind: SpanKind;
  service: string;
  spans: number;
  errors: number;
  models: string[];
  session: string | null;
  user: string | null;
  tags: string[];
  inputTokens: number | null;
  outputTokens: number | null;
  usageIsEstimate: boolean;
  costUsd: number;
  costIsEstimate: boolean;
  spansWithoutCost: number;
  preview: string | null;
};

const Flag = z.union([z.boolean(), z.literal(0), z.literal(1)]).transform(Boolean);
const Count = z.coerce.number();
const Sum = z.coerce.number().nullable();

/** A row of a trace's totals (`traceTotals.ts`) as a `TraceSummary`. */
export const StoredSummary = z
  .object({
    traceId: z.string(),
    rootReceived: Flag,
    head: z.tuple([z.string(), SpanKind, z.string(), SpanStatus, z.string(), z.string()]),
    lastEndUnixNano: z.string(),
    spans: Count,
    errors: Count,
    models: z.array(z.string()),
    session: z.string(),
    user: z.string(),
    tags: z.array(z.string()),
    inputTokens: Sum,
    outputTokens: Sum,
    usageIsEstimate: Flag,
    costUsd: Sum.transform((sum) => sum ?? 0),
    costIsEstimate: Flag,
    spansWithoutCost: Count,
    preview: z.string(),
  })
  .transform(({ rootReceived, head, lastEndUnixNano, ...totals }): TraceSummary => {
    const [name, kind, service, status, startTimeUnixNano, endTimeUnixNano] = head;
    return {
      ...totals,
      preview: totals.preview === "" ? null : totals.preview,
      name,
      kind,
      service,
      startTimeUnixNano,
      endTimeUnixNano: rootReceived ? endTimeUnixNano : lastEndUnixNano,
      status: rootReceived ? (status === "error" ? "error" : "ok") : "incomplete",
      models: totals.models.toSorted(),
      session: totals.session === "" ? null : totals.session,
      user: totals.user === "" ? null : totals.user,
      tags: totals.tags.toSorted(),
    };
  });
