import { expect, test } from "vitest";
import { listLink, readListParams } from "../listParams.ts";
import { activeFilters, choose } from "./filterNames.ts";

/** A link after a change of a facet's value. */
const after = (search: string, ...[facet, value, choice]: [Parameters<typeof choose>[1], string, Parameters<typeof choose>[3]]) => {
  const params = readListParams(search);
  return listLink("", { ...params, ...choose(params, facet, value, choice) });
};

test("a value is wanted, unwanted or neither, and the others of its facet stay", () => {
  expect(after("?tag=a", "tag", "b", "only")).toBe("?tag=a&tag=b");
  expect(after("?tag=a&tag=b", "tag", "b", "without")).toBe("?tag=a&without=tag:b");
  expect(after("?tag=a&without=tag:b", "tag", "b", "only")).toBe("?tag=a&tag=b");
  expect(after("?tag=a&without=tag:b&without=user:b", "tag", "b", null)).toBe("?tag=a&without=user:b");
  expect(after("?tag=a", "tag", "a", null)).toBe("");
});

test("each condition is listed with its value, and dropping it leaves the others", () => {
  const params = readListParams("?status=error&status=incomplete&without=model:m&minMs=5&score=reward%3E1");
  const filters = activeFilters(params);
  expect(filters.map(({ condition, label, text }) => [condition, label, text])).toEqual([
    ["status", "Status", "error"],
    ["status", "Status", "root not received"],
    ["model", "Model not", "m"],
    ["minDurationMs", "Min duration", "5 ms"],
    ["scores", "Score", "reward>1"],
  ]);
  expect(filters.map(({ drop }) => listLink("", { ...params, ...drop }))).toEqual([
    "?status=incomplete&minMs=5&score=reward%3E1&without=model:m",
    "?status=error&minMs=5&score=reward%3E1&without=model:m",
    "?status=error&status=incomplete&minMs=5&score=reward%3E1",
    "?status=error&status=incomplete&score=reward%3E1&without=model:m",
    "?status=error&status=incomplete&minMs=5&without=model:m",
  ]);
});
