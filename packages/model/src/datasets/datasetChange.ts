import type { DatasetItemContent } from "./datasetItem.ts";

/**
 * A change that makes a new version: put an item in the place of the one with its id (or at the end where
 * there is none), or remove an item. `place` locates the change for a person, such as a file's line.
 */
export type DatasetChange = { kind: "put"; id?: string; content: DatasetItemContent; place?: string } | { kind: "remove"; id: string };

/** An item that was skipped because another one, with id `of`, already asks and expects the same. */
export type DatasetDuplicate = { place: string | null; of: string };

/** How an item differs between two versions. */
export type DatasetItemChange = "added" | "removed" | "changed";
