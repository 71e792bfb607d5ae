import { z } from "zod";

const Value = z.string().min(1).max(1_000);

/** The scope of an erasure: one trace (32 lower-case hex digits), every trace that names a user or a session, or a whole project. */
export const ErasureSubject = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("trace"), value: z.string().regex(/^[0-9a-f]{32}$/, "a trace id is 32 hex digits") }),
  z.strictObject({ kind: z.literal("user"), value: Value }),
  z.strictObject({ kind: z.literal("session"), value: Value }),
  z.strictObject({ kind: z.literal("project") }),
]);
export type ErasureSubject = z.infer<typeof ErasureSubject>;

/** A number of rows in a table. */
export interface TableRows {
  table: string;
  rows: number;
}
