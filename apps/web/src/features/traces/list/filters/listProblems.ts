import { LIST_LIMITS } from "@signalbox/api/client";
import { readScoreCondition } from "@signalbox/model";
import { LAST_RANGES } from "../listParams.ts";
import { FACETS, readExclusion, STATUSES } from "./facets.ts";
import { FIELDS } from "./filterNames.ts";

/** An invalid part of a link: its label, the reason, and the parameters to drop. */
export type ListProblem = { label: string; why: string; params: readonly string[] };

/** The largest amount. A duration in milliseconds beyond it is a slip, such as one given in nanoseconds. */
const AMOUNT_MAX = 1e12;

const CHOICES_MAX = 50;
const SCORES_MAX = 10;

type Check = (text: string) => string | null;

const orNull = (isFine: boolean, why: string): string | null => (isFine ? null : why);
const atMost =
  (charsMax: number): Check =>
  (text) =>
    orNull(text.length <= charsMax, `has ${text.length} characters, and ${charsMax} are the most`);
const asText = atMost(LIST_LIMITS.textCharsMax);
const asValue = atMost(LIST_LIMITS.facetValueCharsMax);
const asAmount: Check = (text) =>
  orNull(Number(text) >= 0, `“${text}” is not a number of 0 or more`) ?? orNull(Number(text) <= AMOUNT_MAX, `“${text}” is too much`);
const oneOf =
  (words: readonly string[]): Check =>
  (text) =>
    orNull(words.includes(text), `“${text}” is none of ${words.join(", ")}`);

const FIELD_CHECKS: Record<(typeof FIELDS)[number]["param"], Check> = {
  errors: oneOf(["true", "false"]),
  name: asText,
  minMs: asAmount,
  minUsd: asAmount,
  q: asText,
};

const asExclusion: Check = (text) => {
  const read = readExclusion(text);
  return read === null ? `“${text}” names no facet and value, as tag:vip does` : asValue(read.value);
};

const asScore: Check = (text) => orNull(readScoreCondition(text) !== null, `“${text}” is no condition on a score, as reward<0.5 is`);

/**
 * The invalid parts of the list's URL parameters. Invalid parameters are reported, not ignored, so that a typing error never shows more
 * than was meant.
 */
export function listProblems(search: URLSearchParams): ListProblem[] {
  const given = (param: string): string => search.get(param) ?? "";
  const ofList = (param: string, label: string, check: Check, valuesMax = CHOICES_MAX): ListProblem[] => {
    const values = search.getAll(param).filter((value) => value !== "");
    const whys = values.flatMap((value) => check(value) ?? []);
    const [why] = values.length > valuesMax ? [`has ${values.length} values, and ${valuesMax} are the most`] : whys;
    return why === undefined ? [] : [{ label, why, params: [param] }];
  };
  const ofFacets = FACETS.flatMap(({ facet, label }) => ofList(facet, label, facet === "status" ? oneOf(STATUSES) : asValue));
  const ofFields = FIELDS.flatMap(({ param, label }) => {
    const why = given(param) === "" ? null : FIELD_CHECKS[param](given(param));
    return why === null ? [] : [{ label, why, params: [param] }];
  });
  const ofScores = ofList("score", "Score", asScore, SCORES_MAX);
  return [...ofFacets, ...ofList("without", "Without", asExclusion), ...ofScores, ...ofFields, ...rangeProblems(search)];
}

/** The invalid parts of a link's time range. */
export function rangeProblems(search: URLSearchParams): ListProblem[] {
  const given = (param: string): string => search.get(param) ?? "";
  const whyNotLast = given("range") === "" ? null : oneOf(LAST_RANGES.map(({ value }) => value))(given("range"));
  const whyNotBetween = whyNoRange(given("from"), given("to"));
  return [
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
