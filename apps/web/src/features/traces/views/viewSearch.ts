import { LIST_PARAMS, type ListParams, listLink } from "../list/listParams.ts";

/** A saved view's URL parameters, each with its values. */
export type ViewParams = Record<string, string[]>;

/** The parameters that a view stores: all of the list's except the project. */
const VIEW_KEYS = Object.keys(LIST_PARAMS).filter((name) => name !== "project");

/** Whether a link has any of the list's parameters. */
export function saysAnything(url: URLSearchParams): boolean {
  return VIEW_KEYS.some((key) => url.has(key));
}

/** A list's state in the form that a view stores. */
export function viewParamsOf(params: ListParams): ViewParams {
  const search = new URLSearchParams(listLink("", params));
  return Object.fromEntries(VIEW_KEYS.filter((key) => search.has(key)).map((key) => [key, search.getAll(key)]));
}

/** The full parameters of a link based on a view: the view's, overridden by the link's own. An empty parameter clears the view's. */
export function searchOver(base: ViewParams, url: URLSearchParams): URLSearchParams {
  const search = new URLSearchParams();
  for (const key of Object.keys(LIST_PARAMS)) {
    const values = url.has(key) ? url.getAll(key) : (base[key] ?? []);
    for (const value of values) if (value !== "" || base[key] === undefined) search.append(key, value);
  }
  return search;
}

/** The parameters that a link needs over the view to give the wanted state; those equal to the view's are left out. */
export function overridesOf(base: ViewParams, wanted: ViewParams): [string, string][] {
  return VIEW_KEYS.flatMap((key): [string, string][] => {
    const [before, after] = [base[key] ?? [], wanted[key] ?? []];
    if (isSame(before, after)) return [];
    return after.length === 0 ? [[key, ""]] : after.map((value) => [key, value]);
  });
}

/** Whether two states of the list are equal. */
export function isSameView(a: ViewParams, b: ViewParams): boolean {
  return VIEW_KEYS.every((key) => isSame(a[key] ?? [], b[key] ?? []));
}

const isSame = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((value, index) => value === b[index]);
