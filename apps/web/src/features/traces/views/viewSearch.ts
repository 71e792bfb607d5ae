import { LIST_PARAMS, type ListParams, listLink } from "../list/listParams.ts";

/** What a view says of the list: each parameter of its link with its values. */
export type ViewParams = Record<string, string[]>;

/** The parameters that a view keeps: all of the list's but whose list it is. */
const VIEW_KEYS = Object.keys(LIST_PARAMS).filter((name) => name !== "project");

/** Whether a link says anything of the list. */
export function saysAnything(url: URLSearchParams): boolean {
  return VIEW_KEYS.some((key) => url.has(key));
}

/** A list's state as a view keeps it. */
export function viewParamsOf(params: ListParams): ViewParams {
  const search = new URLSearchParams(listLink("", params));
  return Object.fromEntries(VIEW_KEYS.filter((key) => search.has(key)).map((key) => [key, search.getAll(key)]));
}

/**
 * What a link means that stands on a view: the view's parameters, but
 * those that the link has itself. An empty one means that there is none.
 */
export function searchOver(base: ViewParams, url: URLSearchParams): URLSearchParams {
  const search = new URLSearchParams();
  for (const key of Object.keys(LIST_PARAMS)) {
    const values = url.has(key) ? url.getAll(key) : (base[key] ?? []);
    for (const value of values) if (value !== "" || base[key] === undefined) search.append(key, value);
  }
  return search;
}

/** What a link must say so that over the view it means the wanted state: nothing of what is as the view has it. */
export function overridesOf(base: ViewParams, wanted: ViewParams): [string, string][] {
  return VIEW_KEYS.flatMap((key): [string, string][] => {
    const [before, after] = [base[key] ?? [], wanted[key] ?? []];
    if (isSame(before, after)) return [];
    return after.length === 0 ? [[key, ""]] : after.map((value) => [key, value]);
  });
}

/** Whether two states of the list are one. */
export function isSameView(a: ViewParams, b: ViewParams): boolean {
  return VIEW_KEYS.every((key) => isSame(a[key] ?? [], b[key] ?? []));
}

const isSame = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((value, index) => value === b[index]);
