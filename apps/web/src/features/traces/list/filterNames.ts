import type { ListParams } from "./listParams.ts";

/** The conditions of the list as they are called on screen and in the URL, in the order in which they are shown. */
export const FILTERS = [
  { param: "status", condition: "status", label: "Status" },
  { param: "errors", condition: "hasErrors", label: "With failed spans" },
  { param: "name", condition: "name", label: "Name" },
  { param: "model", condition: "model", label: "Model" },
  { param: "user", condition: "user", label: "User" },
  { param: "session", condition: "session", label: "Session" },
  { param: "tag", condition: "tag", label: "Tag" },
  { param: "minMs", condition: "minDurationMs", label: "Min duration" },
  { param: "minUsd", condition: "minCostUsd", label: "Min cost" },
  { param: "q", condition: "text", label: "Text" },
] as const satisfies readonly { param: keyof ListParams; condition: string; label: string }[];

/** A condition, as the URL calls it. */
export type FilterParam = (typeof FILTERS)[number]["param"];

export const NO_FILTERS = Object.fromEntries(FILTERS.map((filter) => [filter.param, null])) as Record<FilterParam, null>;

/** A condition's value in words. */
export function filterText(param: FilterParam, params: ListParams): string {
  const value = params[param];
  if (param === "errors") return "";
  if (param === "minMs") return `${value} ms`;
  if (param === "minUsd") return `$${value}`;
  if (param === "status" && value === "incomplete") return "root not received";
  return String(value);
}

/** The conditions that hold. */
export function activeFilters(params: ListParams): (typeof FILTERS)[number][] {
  return FILTERS.filter(({ param }) => params[param] !== null && params[param] !== "" && params[param] !== false);
}
