/** An item of a queue. `addedAt` is ISO 8601, UTC. */
export interface AnnotationItem {
  readonly id: string;
  readonly traceId: string;
  readonly spanId: string | null;
  readonly addedBy: string;
  readonly addedAt: string;
}

/**
 * What somebody said of an item: a label, or why it was skipped (then value and label are null, and the
 * note is the reason). One that `isFinal` settles what people disagree about. `at` is ISO 8601, UTC.
 */
export interface Annotation {
  readonly itemId: string;
  readonly person: string;
  readonly isFinal: boolean;
  readonly state: "labelled" | "skipped";
  readonly value: number | null;
  readonly label: string | null;
  readonly note: string;
  readonly at: string;
}

/** An annotation with what it is about. */
export interface ExportedAnnotation extends Omit<Annotation, "itemId"> {
  readonly traceId: string;
  readonly spanId: string | null;
}

/**
 * How far a queue is: items that have as many labels as they need (or a final one),
 * labels of people, skips, and items whose labels differ without a final one.
 */
export interface AnnotationProgress {
  readonly items: number;
  readonly done: number;
  readonly labels: number;
  readonly skips: number;
  readonly disagreements: number;
}

/** The scorer that a label is by: a person, or whoever settled what people disagreed about. */
export function annotationScorer({ person, isFinal }: Pick<Annotation, "person" | "isFinal">): string {
  return isFinal ? "adjudicated" : `person:${person}`;
}
