import type { RouterInputs } from "@signalbox/api/client";
import { readScoreCondition, type ScoreCondition } from "@signalbox/model";
import {
  createLoader,
  createSerializer,
  parseAsArrayOf,
  parseAsBoolean,
  parseAsFloat,
  parseAsNativeArrayOf,
  parseAsString,
  parseAsStringLiteral,
} from "nuqs";
import { PROJECT_PARAM } from "../../../project/projectParam.ts";
import { FACETS, type Facet, readExclusion } from "./filters/facets.ts";

/** Time ranges that end now, by their word in the URL. */
export const LAST_RANGES = [
  { value: "15m", label: "Last 15 minutes", ms: 15 * 60_000 },
  { value: "1h", label: "Last hour", ms: 3_600_000 },
  { value: "6h", label: "Last 6 hours", ms: 6 * 3_600_000 },
  { value: "24h", label: "Last 24 hours", ms: 86_400_000 },
  { value: "7d", label: "Last 7 days", ms: 7 * 86_400_000 },
  { value: "30d", label: "Last 30 days", ms: 30 * 86_400_000 },
  { value: "1y", label: "Last year", ms: 365 * 86_400_000 },
] as const;

export type LastRange = (typeof LAST_RANGES)[number]["value"];

/** The URL parameters of a time range. Two moments take precedence over a range that ends now. */
export const RANGE_PARAMS = {
  range: parseAsStringLiteral(LAST_RANGES.map((range) => range.value)).withDefault("24h"),
  from: parseAsString,
  to: parseAsString,
};

/** A time range in the URL, parsed. */
export type RangeParams = { range: LastRange; from: string | null; to: string | null };

const facetParams = Object.fromEntries(FACETS.map(({ facet }) => [facet, parseAsNativeArrayOf(parseAsString)])) as Record<
  Facet,
  ReturnType<typeof parseAsNativeArrayOf<string>>
>;

/**
 * The URL parameters of the list: `tag=a&tag=b&without=model:m` asks for either of two tags and excludes a model, `score=reward<0.5`
 * filters by a score.
 */
export const LIST_PARAMS = {
  ...PROJECT_PARAM,
  ...RANGE_PARAMS,
  ...facetParams,
  q: parseAsString,
  errors: parseAsBoolean,
  name: parseAsString,
  minMs: parseAsFloat,
  minUsd: parseAsFloat,
  score: parseAsNativeArrayOf(parseAsString),
  without: parseAsNativeArrayOf(parseAsString),
  columns: parseAsArrayOf(parseAsString),
};

/** The list's URL parameters, parsed. */
export type ListParams = RangeParams &
  Record<Facet, string[]> & {
    project: string;
    q: string | null;
    errors: boolean | null;
    name: string | null;
    minMs: number | null;
    minUsd: number | null;
    score: string[];
    without: string[];
    columns: string[] | null;
  };

/** A change of the list's URL parameters; null drops one. */
export type ListChange = { [Name in keyof ListParams]?: ListParams[Name] | null };

/** A change of the list, or a function that computes it from the current state. */
export type ListUpdate = ListChange | ((now: ListParams) => ListChange);

/** Parses the list's URL parameters. */
export const readListParams = createLoader(LIST_PARAMS);

/** Serialises the list's URL parameters, to carry them from the list to a trace and back. */
export const listLink = createSerializer(LIST_PARAMS);

type ListInput = Required<Pick<RouterInputs["traces"]["list"], "project" | "range" | "filter">>;

/** The facets with a short form for a single wanted value, which the store finds fastest. */
const SHORT_FORMS = ["status", "session", "user", "tag", "model"] as const satisfies readonly Facet[];

/** The query that the URL asks for. An invalid range of moments is ignored. */
export function listInputOf(params: ListParams): ListInput {
  const { only, without } = facetChoices(params);
  const short = SHORT_FORMS.filter((facet) => only[facet]?.length === 1);
  const filter = {
    ...Object.fromEntries(short.map((facet) => [facet, only[facet]?.[0]])),
    only: orNull(Object.fromEntries(Object.entries(only).filter(([facet]) => !short.some((each) => each === facet)))),
    without: orNull(without),
    name: params.name,
    text: params.q,
    hasErrors: params.errors === true ? true : null,
    minDurationMs: params.minMs,
    minCostUsd: params.minUsd,
    scores: scoresOf(params),
  };
  return {
    project: params.project,
    range: rangeInputOf(params),
    filter: Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== null && value !== "")),
  };
}

/** The conditions on scores in the URL; null if there are none. */
function scoresOf({ score }: ListParams): ScoreCondition[] | null {
  const conditions = score.flatMap((text) => readScoreCondition(text) ?? []);
  return conditions.length === 0 ? null : conditions;
}

type Choices = Partial<Record<Facet, string[]>>;

const orNull = (choices: object): object | null => (Object.keys(choices).length === 0 ? null : choices);

/** The wanted and the excluded values of each facet in the URL. */
export function facetChoices(params: ListParams): { only: Choices; without: Choices } {
  const only: Choices = {};
  const without: Choices = {};
  for (const { facet } of FACETS) {
    const values = params[facet].filter((value) => value !== "");
    if (values.length > 0) only[facet] = values;
  }
  for (const text of params.without) {
    const read = readExclusion(text);
    if (read !== null) without[read.facet] = [...(without[read.facet] ?? []), read.value];
  }
  return { only, without };
}

/** The time range of the query that a URL asks for. */
export function rangeInputOf({ range, from, to }: RangeParams): ListInput["range"] {
  const [fromMs, toMs] = [Date.parse(from ?? ""), Date.parse(to ?? "")];
  if (fromMs < toMs) return { kind: "between", from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString() };
  const last = LAST_RANGES.find((candidate) => candidate.value === range);
  return { kind: "last", ms: last?.ms ?? 86_400_000 };
}
