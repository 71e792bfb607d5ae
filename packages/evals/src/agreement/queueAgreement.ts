import { type AnnotationQueue, answersOf, type ExportedAnnotation } from "@signalbox/model";
import { type Agreement, agreementOf } from "./agreement.ts";

/** The agreement on a queue's items, by people's own labels: a final label settles an item, but is not an independent answer. */
export function queueAgreement({ kind }: Pick<AnnotationQueue, "kind">, annotations: readonly ExportedAnnotation[]): Agreement | null {
  const places = new Map(answersOf(kind).map(({ value }, place) => [value, place]));
  const given = annotations.flatMap(({ traceId, spanId, person, isFinal, value }) => {
    const answer = value === null || isFinal ? undefined : places.get(value);
    return answer === undefined ? [] : [{ item: `${traceId}/${spanId ?? ""}`, person, answer }];
  });
  return agreementOf(given, places.size, kind.type === "scale" ? "ordinal" : "nominal");
}
