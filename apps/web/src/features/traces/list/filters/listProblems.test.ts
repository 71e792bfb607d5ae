import { expect, test } from "vitest";
import { listProblems } from "./listProblems.ts";

const whys = (search: string) => listProblems(new URLSearchParams(search)).map(({ label, why }) => `${label} ${why}`);

test("a link that the list can show has no problems", () => {
  expect(whys("")).toEqual([]);
  expect(whys("q=refund&status=error&errors=true&model=gpt-4o&minMs=0&minUsd=0.01&range=7d&view=tree")).toEqual([]);
  expect(whys("from=2026-11-23T10:00:00.000Z&to=2026-11-23T11:00:00.000Z")).toEqual([]);
  expect(whys(`q=${"x".repeat(200)}&name=&minMs=`)).toEqual([]);
});

test("each invalid condition is named with the reason", () => {
  expect(whys(`q=${"x".repeat(201)}`)).toEqual(["Text has 201 characters, and 200 are the most"]);
  expect(whys("status=foo")).toEqual(["Status “foo” is none of ok, error, incomplete"]);
  expect(whys("errors=yes")).toEqual(["With failed spans “yes” is none of true, false"]);
  expect(whys("minMs=-5&minUsd=cheap")).toEqual([
    "Min duration “-5” is not a number of 0 or more",
    "Min cost “cheap” is not a number of 0 or more",
  ]);
  expect(whys("minMs=1e300")).toEqual(["Min duration “1e300” is too much"]);
});

test("facets accept ids of any characters, and report what they cannot accept", () => {
  expect(whys(`session=${"é".repeat(1_000)}&user=a,b&user=%20%2F&without=tag:a:b`)).toEqual([]);
  expect(whys(`user=a&user=${"x".repeat(1_001)}`)).toEqual(["User has 1001 characters, and 1000 are the most"]);
  expect(whys("without=colour:red")).toEqual(["Without “colour:red” names no facet and value, as tag:vip does"]);
  expect(whys(Array.from({ length: 51 }, (_, index) => `tag=${index}`).join("&"))).toEqual(["Tag has 51 values, and 50 are the most"]);
});

test("a condition on a score names a score, a comparison and a number", () => {
  expect(whys("score=reward%3C0.5")).toEqual([]);
  expect(whys("score=reward")).toEqual(["Score “reward” is no condition on a score, as reward<0.5 is"]);
  expect(whys(Array.from({ length: 11 }, (_, index) => `score=s%3C${index}`).join("&"))).toEqual([
    "Score has 11 values, and 10 are the most",
  ]);
});

test("a time range must be valid, and not span years", () => {
  expect(whys("range=2h")).toEqual(["Time range “2h” is none of 15m, 1h, 6h, 24h, 7d, 30d, 1y"]);
  expect(whys("from=yesterday&to=2026-11-23T11:00:00.000Z")[0]).toContain("is not from a moment to a later one");
  expect(whys("from=2026-11-23T11:00:00.000Z")[0]).toContain("is not from a moment to a later one");
  expect(whys("from=2020-01-01&to=2026-01-01")).toEqual(["Time range is of 2192 days, and 400 are the most"]);
});
