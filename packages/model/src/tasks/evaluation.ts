import { z } from "zod";

/**
 * The comparison of a finished task with its expectation. `reward` is 1 or 0;
 * `dataHash` (SHA-256 hex) is that of the state to which the expected actions lead.
 */
export const Evaluation = z.strictObject({
  taskId: z.uuid(),
  reward: z.union([z.literal(0), z.literal(1)]),
  dataMatches: z.boolean(),
  outputsMatch: z.boolean(),
  dataHash: z.string().length(64),
});
export type Evaluation = z.infer<typeof Evaluation>;

/** The body of the controller's `POST /v1/evaluations/query`. */
export const EvaluationQuery = z.strictObject({ taskIds: z.array(z.uuid()).min(1).max(1000) });

/** Its answer: the evaluations that exist so far, in any order; tasks that still run or are not evaluated yet are missing. */
export const EvaluationAnswer = z.strictObject({ evaluations: z.array(Evaluation) });
