import { z } from "zod";
import { canonicalHash, sha256 } from "../sha256.ts";
import { ToolRequest } from "../tasks/task.ts";

/** The most that an item holds, in UTF-16 units of its JSON. */
export const DATASET_ITEM_CHARS_MAX = 1024 * 1024;

/** An item's name within its dataset: it stays when the item is edited, and pairs the item's results of two runs. */
export const DatasetItemId = z
  .string()
  .regex(/^[^\p{Cc}\p{Cs}]{1,200}$/u, "an id has 1 to 200 characters, none of them a control character");

/** The part of a dataset that an item is of: `train`, `dev`, `test`, or what else its people say. */
export const DatasetSplit = z.string().regex(/^[\w.-]{1,60}$/, "a split has 1 to 60 letters, digits, dots, hyphens and underscores");

/** What an item was made from: a trace, a task of the reference agent, or both. */
export const DatasetSource = z.strictObject({
  traceId: z.string().min(1).max(100).nullable().default(null),
  taskId: z.uuid().nullable().default(null),
});
export type DatasetSource = z.infer<typeof DatasetSource>;

/**
 * What an item says: what an agent is given, and what is right. Null stands for what nobody said.
 * `expectedToolCalls` are in their order; `expectedState` is every document that should be changed in the
 * end, by its name, as it should be then. `metadata` is for people and filters, and no scorer's business.
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

/**
 * An item of a version. `position` orders a version's items; `hash` is of its content, `caseHash` of what is asked and what is right alone.
 */
export type DatasetItem = DatasetItemContent & { id: string; position: number; hash: string; caseHash: string };

/**
 * The SHA-256 (hex) of all that an item says, and of what makes two items
 * duplicates of one another: the same is asked, and the same is right.
 */
export function datasetItemHashes(content: DatasetItemContent): { hash: string; caseHash: string } {
  const { input, expectedOutput, expectedToolCalls, expectedState } = content;
  return {
    hash: canonicalHash(content),
    caseHash: canonicalHash({ input, expectedOutput, expectedToolCalls, expectedState }),
  };
}

/** The SHA-256 (hex) that a version is named by: of its items' hashes in their order, each with a line feed behind it. */
export function datasetVersionHash(itemHashes: readonly string[]): string {
  return sha256(itemHashes.map((hash) => `${hash}\n`).join(""));
}
