import { expect, test } from "vitest";
import { readTauBench } from "./readTauBench.ts";
import { renameStateToProvince } from "./renameStateToProvince.ts";
import { smallFolder } from "./smallFolder.ts";

test("the state of an address becomes its province, in place, and nothing else changes", async () => {
  const { data } = await readTauBench(smallFolder());
  const before = JSON.stringify(data);
  const renamed = renameStateToProvince(data);
  expect(JSON.stringify(renamed)).toBe(before.replace('"state":"CO"', '"province":"CO"'));
  expect(JSON.stringify(data)).toBe(before);
  expect(JSON.stringify(renameStateToProvince(renamed))).toBe(JSON.stringify(renamed));
});
