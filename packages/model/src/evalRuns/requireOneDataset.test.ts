import { expect, test } from "vitest";
import { requireOneDataset } from "./requireOneDataset.ts";

const aRun = (name: string, dataset: string, hash: string) => ({ name, dataset, datasetHash: hash.repeat(64) });

test("versions of a dataset may be compared, and copies of it", () => {
  expect(() => requireOneDataset([aRun("a", "refunds@1", "1"), aRun("b", "refunds@2", "2"), aRun("c", "copy@1", "1")])).not.toThrow();
});

test("two datasets may not", () => {
  expect(() => requireOneDataset([aRun("a", "refunds@1", "1"), aRun("b", "orders@1", "2")])).toThrow("b is a run of orders@1");
});
