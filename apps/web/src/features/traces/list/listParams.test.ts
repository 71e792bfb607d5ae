import { expect, test } from "vitest";
import { type ListParams, listInputOf, listLink, readListParams } from "./listParams.ts";

/** The parameters of an empty URL, with the given changes. */
function params(given: Partial<ListParams> = {}): ListParams {
  return { ...readListParams(""), ...given };
}

test("a plain URL asks for the last day, unfiltered", () => {
  expect(listInputOf(params())).toEqual({ project: "default", range: { kind: "last", ms: 86_400_000 }, filter: {} });
});

test("every condition of the URL reaches the server", () => {
  const given = params({ q: "refund", status: ["error"], errors: true, model: ["gpt-4o"], minMs: 250, minUsd: 0.01 });
  expect(listInputOf(given).filter).toEqual({
    text: "refund",
    status: "error",
    hasErrors: true,
    model: "gpt-4o",
    minDurationMs: 250,
    minCostUsd: 0.01,
  });
});

test("several values of a facet are alternatives, and excluded ones are separate", () => {
  const asked = readListParams("?model=a&model=b&service=web&without=tag:x:y&without=tag:z&without=nothing");
  expect(listInputOf(asked).filter).toEqual({ only: { model: ["a", "b"], service: ["web"] }, without: { tag: ["x:y", "z"] } });
});

test("conditions on scores reach the server, and malformed ones do not", () => {
  const asked = readListParams("?score=reward%3C0.5&score=tone%3E%3D4&score=high");
  expect(listInputOf(asked).filter).toEqual({
    scores: [
      { name: "reward", comparison: "<", limit: 0.5 },
      { name: "tone", comparison: ">=", limit: 4 },
    ],
  });
});

test("two moments take precedence over a range that ends now, unless they are not a range", () => {
  const [from, to] = ["2026-11-23T10:00:00.000Z", "2026-11-23T11:00:00.000Z"];
  expect(listInputOf(params({ from, to })).range).toEqual({ kind: "between", from, to });
  expect(listInputOf(params({ from: to, to: from })).range).toMatchObject({ kind: "last" });
  expect(listInputOf(params({ from: "yesterday", to })).range).toMatchObject({ kind: "last" });
});

test("a link stays in the project, and says so unless it is the default one", () => {
  expect(listInputOf(params({ project: "shop" })).project).toBe("shop");
  expect(listLink("/traces", params({ project: "shop" }))).toBe("/traces?project=shop");
  expect(listLink("/traces", params())).toBe("/traces");
});

test("a link contains only what differs from the plain list", () => {
  expect(listLink("/traces", params({ tag: ["größe"] }))).toBe("/traces?tag=größe");
});
