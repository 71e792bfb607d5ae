import { type AnnotationQueue, answersOf, type ExportedAnnotation } from "@signalbox/model";
import { type Agreement, agreementOf } from "./agreement.ts";

/** How far people agree on a queue's items, by their own labels: a final one settles an item, but is nobody's independent answer. */
export function queueAgreement({ kind }: Pick<AnnotationQueue, "kind">, annotations: readonly ExportedAnnotation[]): Agreement | null {
  const places = new Map(answersOf(kind).map(({ value }, place) => [value, place]));
  const given = annotations.flatMap(({ traceId, spanId, person, isFinal, value }) => {
    const answer = value === null || isFinal ? undefined : places.get(value);
    return answer === undefined ? [] : [{ item: `${traceId}/${spanId ?? ""}`, person, answer }];
  });
  return agreementOf(given, places.size, kind.type === "scale" ? "ordinal" : "nominal");
}
