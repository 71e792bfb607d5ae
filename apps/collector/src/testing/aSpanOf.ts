import type { Span } from "@signalbox/model";
import { type AttributeValue, emptyOrigin, emptySpan, type OtlpSpan } from "../decode/index.ts";
import { normalised } from "./normalised.ts";

/** A decoded span with these attributes. */
export function aSpanOf(attributes: Readonly<Record<string, AttributeValue>>, over: Partial<OtlpSpan> = {}): OtlpSpan {
  return {
    ...emptySpan(emptyOrigin(new Map([["service.name", "shop"]]))),
    traceId: "5b8efff798038103d269b633813fc60c",
    spanId: "eee19b7ec3c1b174",
    name: "work",
    startTimeUnixNano: 1_763_900_000_000_000_000n,
    endTimeUnixNano: 1_763_900_001_000_000_000n,
    attributes: new Map(Object.entries(attributes)),
    ...over,
  };
}

/** The normalised form of a span with these attributes. */
export function normalisedOf(attributes: Readonly<Record<string, AttributeValue>>): Span {
  return normalised(aSpanOf(attributes));
}
