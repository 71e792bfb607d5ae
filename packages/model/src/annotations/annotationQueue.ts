import { z } from "zod";
import { ProjectName } from "../projects/project.ts";

/** One answer per digit key, 1 to 9. */
const ANSWERS_MAX = 9;

const shortText = (what: string, charsMax: number) =>
  z.string().trim().min(1, `${what} is empty`).max(charsMax, `${what} has at most ${charsMax} characters`);

/** A queue's name within its project. */
export const AnnotationQueueName = z
  .string()
  .regex(/^[^\s\p{C}](?:[^\p{C}]{0,118}[^\s\p{C}])?$/u, "a name has 1 to 120 characters, and no space at its ends");

/** The annotator, as it appears in scores: `person:<name>`. */
export const AnnotatorName = z
  .string()
  .regex(/^[^\s\p{C}](?:[^\p{C}]{0,58}[^\s\p{C}])?$/u, "a person's name has 1 to 60 characters, and no space at its ends");

/** The form of the answer: pass or fail, a step on a scale with named ends, or one of several options. */
export const AnnotationKind = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("pass_fail") }),
  z
    .strictObject({
      type: z.literal("scale"),
      from: z.int(),
      to: z.int(),
      fromMeans: z.string().trim().max(60).default(""),
      toMeans: z.string().trim().max(60).default(""),
    })
    .refine(({ from, to }) => to > from && to - from < ANSWERS_MAX, `a scale has 2 to ${ANSWERS_MAX} steps, and goes up`),
  z.strictObject({
    type: z.literal("choice"),
    options: z
      .array(shortText("an option", 60))
      .min(2, "a choice has 2 options at least")
      .max(ANSWERS_MAX, `a choice has at most ${ANSWERS_MAX} options`)
      .refine((options) => new Set(options).size === options.length, "an option is there twice"),
  }),
]);
export type AnnotationKind = z.infer<typeof AnnotationKind>;

/**
 * The input for a new queue. `scoreName` is the name under which its labels become scores of the traces; `overlap` people label each item.
 */
export const NewAnnotationQueue = z.strictObject({
  project: ProjectName,
  name: AnnotationQueueName,
  question: shortText("the question", 300),
  kind: AnnotationKind,
  scoreName: shortText("the score's name", 120),
  instructions: z.string().trim().max(4_000).default(""),
  overlap: z.int().min(1).max(20).default(1),
});
export type NewAnnotationQueue = z.infer<typeof NewAnnotationQueue>;

/** One question that people answer about traces. Times are ISO 8601, UTC. */
export interface AnnotationQueue extends NewAnnotationQueue {
  readonly id: string;
  readonly createdBy: string;
  readonly createdAt: string;
}

/** The subject of a label: a trace, or one span of it. */
export const AnnotationSubject = z.strictObject({
  traceId: z.string().regex(/^[0-9a-f]{32}$/, "a trace id is 32 hex digits"),
  spanId: z
    .string()
    .regex(/^[0-9a-f]{16}$/, "a span id is 16 hex digits")
    .nullable()
    .default(null),
});
export type AnnotationSubject = z.infer<typeof AnnotationSubject>;

/** One possible answer to a queue's question. `value` is the number that is averaged; `means` describes an end of a scale. */
export interface AnnotationAnswer {
  readonly value: number;
  readonly label: string;
  readonly means: string;
}

const answer = (value: number, label: string, means = ""): AnnotationAnswer => ({ value, label, means });

/** The answers to a question, in the order of the keys 1 to 9. The value of an option of a choice is its index, from 0. */
export function answersOf(kind: AnnotationKind): AnnotationAnswer[] {
  switch (kind.type) {
    case "pass_fail":
      return [answer(1, "pass"), answer(0, "fail")];
    case "scale":
      return Array.from({ length: kind.to - kind.from + 1 }, (_, step) => {
        const value = kind.from + step;
        return answer(value, String(value), value === kind.from ? kind.fromMeans : value === kind.to ? kind.toMeans : "");
      });
    case "choice":
      return kind.options.map((option, place) => answer(place, option));
  }
}
