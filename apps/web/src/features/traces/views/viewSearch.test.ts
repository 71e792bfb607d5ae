import { expect, test } from "vitest";
import { readListParams } from "../list/listParams.ts";
import { isSameView, overridesOf, saysAnything, searchOver, viewParamsOf } from "./viewSearch.ts";

const VIEW = { status: ["error"], tag: ["a", "b"], range: ["7d"] };
const meant = (link: string, base = VIEW) => searchOver(base, new URLSearchParams(link)).toString();
const linkTo = (search: string, base = VIEW) => new URLSearchParams(overridesOf(base, viewParamsOf(readListParams(search)))).toString();

test("a link on a view alone means the view, in the project of the link", () => {
  expect(meant("view=1&project=shop")).toBe("project=shop&range=7d&status=error&tag=a&tag=b");
});

test("a parameter of the link takes the place of the view's, and an empty one clears it", () => {
  expect(meant("view=1&status=&tag=c&q=x")).toBe("range=7d&tag=c&q=x");
});

test("a link's overrides of a view restore the wanted state", () => {
  for (const wanted of ["", "?status=error", "?tag=b&tag=a&range=7d", "?status=error&tag=a&tag=b&range=7d&q=x", "?columns=name,cost"]) {
    const overrides = linkTo(wanted);
    expect(viewParamsOf(readListParams(`?${meant(overrides)}`)), wanted).toEqual(viewParamsOf(readListParams(wanted)));
  }
  expect(linkTo("?status=error&tag=a&tag=b&range=7d")).toBe("");
  expect(linkTo("?tag=a&tag=b&range=7d")).toBe("status=");
});

test("a state differs from a view by any parameter but the project", () => {
  const of = (search: string) => viewParamsOf(readListParams(search));
  expect(isSameView(VIEW, of("?project=shop&range=7d&status=error&tag=a&tag=b"))).toBe(true);
  expect(isSameView(VIEW, of("?range=7d&status=error&tag=a"))).toBe(false);
  expect(saysAnything(new URLSearchParams("project=shop&view=1"))).toBe(false);
  expect(saysAnything(new URLSearchParams("status="))).toBe(true);
});

test("a link without a view keeps its parameters, even invalid ones", () => {
  expect(meant("status=foo&without=x&q=", {} as typeof VIEW)).toBe("status=foo&q=&without=x");
});
