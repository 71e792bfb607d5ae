import { z } from "zod";

/** The longest text of a document, in characters. */
export const DOCUMENT_CHARACTERS_MAX = 2_000_000;

/** A text that an agent can look up: a title, and attributes that narrow a search. `id` is unique within its project. */
export const KnowledgeDocument = z.strictObject({
  id: z.string().min(1).max(500),
  title: z.string().max(1_000),
  text: z.string().min(1).max(DOCUMENT_CHARACTERS_MAX),
  attributes: z.record(z.string().min(1).max(100), z.string().max(1_000)).default({}),
});
export type KnowledgeDocument = z.infer<typeof KnowledgeDocument>;

/** A search in a project's knowledge. With a `filter`, each named attribute must have one of the given values. */
export const KnowledgeQuery = z.strictObject({
  project: z.string().min(1),
  query: z.string().min(1).max(10_000),
  limit: z.number().int().positive().max(100).default(5),
  filter: z.record(z.string(), z.array(z.string()).max(100)).optional(),
});
export type KnowledgeQuery = z.infer<typeof KnowledgeQuery>;

/** A passage of a document that may answer a question. `score` comes from reciprocal rank fusion: only its order is meaningful. */
export const Passage = z.strictObject({
  document: z.string(),
  title: z.string(),
  text: z.string(),
  attributes: z.record(z.string(), z.string()),
  score: z.number(),
});
export type Passage = z.infer<typeof Passage>;

/** The passages found, best first. `shortfall` says what the search had to do without, null when nothing was missing. */
export const Findings = z.strictObject({ passages: z.array(Passage), shortfall: z.string().nullable() });
export type Findings = z.infer<typeof Findings>;
