import { LIST_LIMITS } from "@signalbox/api/client";
import { FILTERS, type FilterParam } from "./filterNames.ts";
import { LAST_RANGES, STATUSES } from "./listParams.ts";

/** A part of a link that the list cannot be asked for: what it is called, why not, and the parameters to drop. */
export type ListProblem = { label: string; why: string; params: readonly string[] };

/** Longer than a year, shorter than what counts in nanoseconds: a duration beyond it is a slip. */
const AMOUNT_MAX = 1e12;

type Check = (text: string) => string | null;

const orNull = (isFine: boolean, why: string): string | null => (isFine ? null : why);
const asText: Check = (text) =>
  orNull(text.length <= LIST_LIMITS.textCharsMax, `has ${text.length} characters, and ${LIST_LIMITS.textCharsMax} are the most`);
const asAmount: Check = (text) =>
  orNull(Number(text) >= 0, `“${text}” is not a number of 0 or more`) ?? orNull(Number(text) <= AMOUNT_MAX, `“${text}” is too much`);
const oneOf =
  (words: readonly string[]): Check =>
  (text) =>
    orNull(words.includes(text), `“${text}” is none of ${words.join(", ")}`);

const CHECKS: Record<FilterParam, Check> = {
  status: oneOf(STATUSES),
  errors: oneOf(["true", "false"]),
  name: asText,
  model: asText,
  user: asText,
  session: asText,
  tag: asText,
  minMs: asAmount,
  minUsd: asAmount,
  q: asText,
};

/** What of a link's parameters the list cannot show. What nobody asked about is not here, so that a typing error never shows more than was meant. */
export function listProblems(search: URLSearchParams): ListProblem[] {
  const given = (param: string): string => search.get(param) ?? "";
  const ofFilters = FILTERS.flatMap(({ param, label }) => {
    const why = given(param) === "" ? null : CHECKS[param](given(param));
    return why === null ? [] : [{ label, why, params: [param] }];
  });
  const whyNotLast = given("range") === "" ? null : oneOf(LAST_RANGES.map(({ value }) => value))(given("range"));
  const whyNotBetween = whyNoRange(given("from"), given("to"));
  return [
    ...ofFilters,
    ...(whyNotLast === null ? [] : [{ label: "Time range", why: whyNotLast, params: ["range"] }]),
    ...(whyNotBetween === null ? [] : [{ label: "Time range", why: whyNotBetween, params: ["from", "to"] }]),
  ];
}

function whyNoRange(from: string, to: string): string | null {
  if (from === "" && to === "") return null;
  const lengthMs = Date.parse(to) - Date.parse(from);
  if (!(lengthMs > 0)) return `“${from}” to “${to}” is not from a moment to a later one`;
  const days = Math.ceil(lengthMs / 86_400_000);
  return orNull(days <= LIST_LIMITS.rangeDaysMax, `is of ${days} days, and ${LIST_LIMITS.rangeDaysMax} are the most`);
}
