import { z } from "zod";
import { canonicalHash, sha256 } from "../sha256.ts";
import { ToolRequest } from "../tasks/task.ts";

/** The largest size of an item, in UTF-16 code units of its JSON. */
export const DATASET_ITEM_CHARS_MAX = 1024 * 1024;

/** An item's name within its dataset. It survives edits, and pairs the item's results between two runs. */
export const DatasetItemId = z
  .string()
  .regex(/^[^\p{Cc}\p{Cs}]{1,200}$/u, "an id has 1 to 200 characters, none of them a control character");

/** The part of a dataset that an item belongs to: `train`, `dev`, `test`, or any other name. */
export const DatasetSplit = z.string().regex(/^[\w.-]{1,60}$/, "a split has 1 to 60 letters, digits, dots, hyphens and underscores");

/** The origin of an item: a trace, a task of the reference agent, or both. */
export const DatasetSource = z.strictObject({
  traceId: z.string().min(1).max(100).nullable().default(null),
  taskId: z.uuid().nullable().default(null),
});
export type DatasetSource = z.infer<typeof DatasetSource>;

/**
 * The content of an item: the agent's input, and what is expected. Null means unspecified.
 * `expectedToolCalls` are in order; `expectedState` maps the name of every document that should
 * have changed to its final content. `metadata` is for people and filters; scorers ignore it.
 */
export const DatasetItemContent = z.strictObject({
  input: z.unknown().refine((input) => input !== undefined && input !== null, "is missing"),
  expectedOutput: z.unknown().default(null),
  expectedToolCalls: z.array(ToolRequest).max(1_000).nullable().default(null),
  expectedState: z.record(z.string(), z.unknown()).nullable().default(null),
  metadata: z.record(z.string(), z.unknown()).default({}),
  split: DatasetSplit.nullable().default(null),
  source: DatasetSource.nullable().default(null),
});
export type DatasetItemContent = z.infer<typeof DatasetItemContent>;

/** An item of a version. `position` orders a version's items; `hash` covers its content, `caseHash` only the input and the expectation. */
export type DatasetItem = DatasetItemContent & { id: string; position: number; hash: string; caseHash: string };

/**
 * Two SHA-256 hashes (hex): `hash` of an item's whole content, and `caseHash`
 * of its input and expectation. Items with the same `caseHash` are duplicates.
 */
export function datasetItemHashes(content: DatasetItemContent): { hash: string; caseHash: string } {
  const { input, expectedOutput, expectedToolCalls, expectedState } = content;
  return {
    hash: canonicalHash(content),
    caseHash: canonicalHash({ input, expectedOutput, expectedToolCalls, expectedState }),
  };
}

/** The SHA-256 (hex) that identifies a version: of its items' hashes in order, each followed by a line feed. */
export function datasetVersionHash(itemHashes: readonly string[]): string {
  return sha256(itemHashes.map((hash) => `${hash}\n`).join(""));
}
