import type { DatasetItemContent } from "./datasetItem.ts";

/**
 * What a new version has otherwise: an item in the place of the one with its id (without one that
 * is there: behind the last), or an item less. `place` is how a person finds it: a file's line.
 */
export type DatasetChange = { kind: "put"; id?: string; content: DatasetItemContent; place?: string } | { kind: "remove"; id: string };

/** An item that was left out, since one that asks the same and expects the same is there: `of` is that one's id. */
export type DatasetDuplicate = { place: string | null; of: string };

/** How two versions differ at one item, or did not: `before` is of the older one. */
export type DatasetItemChange = "added" | "removed" | "changed";
