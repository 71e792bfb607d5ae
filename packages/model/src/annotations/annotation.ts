/** An item of a queue. `addedAt` is ISO 8601, UTC. */
export interface AnnotationItem {
  readonly id: string;
  readonly traceId: string;
  readonly spanId: string | null;
  readonly addedBy: string;
  readonly addedAt: string;
}

/**
 * One person's answer for an item: a label, or a skip (`value` and `label` are then null and `note`
 * gives the reason). An answer with `isFinal` settles a disagreement. `at` is ISO 8601, UTC.
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

/** An annotation together with the trace or span it is about. */
export interface ExportedAnnotation extends Omit<Annotation, "itemId"> {
  readonly traceId: string;
  readonly spanId: string | null;
}

/**
 * The progress of a queue: items with enough labels (or a final one), people's
 * labels, skips, and items whose labels differ and have no final one.
 */
export interface AnnotationProgress {
  readonly items: number;
  readonly done: number;
  readonly labels: number;
  readonly skips: number;
  readonly disagreements: number;
}

/** The scorer name under which a label is stored: that of the person, or of whoever settled the disagreement. */
export function annotationScorer({ person, isFinal }: Pick<Annotation, "person" | "isFinal">): string {
  return isFinal ? "adjudicated" : `person:${person}`;
}
