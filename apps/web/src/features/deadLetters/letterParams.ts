import type { RouterInputs } from "@signalbox/api/client";
import { type inferParserType, parseAsString, parseAsStringLiteral } from "nuqs";
import { PROJECT_PARAM } from "../../project/projectParam.ts";
import { CAUSES, KINDS, STATES } from "./words.ts";

/** Time ranges that end now. */
export const RANGES = [
  { value: "24h", label: "Last 24 hours" },
  { value: "7d", label: "Last 7 days" },
  { value: "30d", label: "Last 30 days" },
] as const;

/** The states by which letters can be filtered. */
export const STATE_OPTIONS = [
  { value: "open", label: STATES.open.label },
  { value: "claimed", label: STATES.claimed.label },
  { value: "redriven", label: STATES.redriven.label },
  { value: "discarded", label: STATES.discarded.label },
  { value: "all", label: "In any state" },
] as const;

/** The orders of groups. */
export const ORDERS = [
  { value: "last", label: "Failed last" },
  { value: "count", label: "Most letters" },
  { value: "first", label: "Newest kind" },
] as const;

const keysOf = <Key extends string>(words: Record<Key, unknown>): Key[] => Object.keys(words) as Key[];

/** The URL parameters of a list of dead letters, or of groups. */
export const LETTER_PARAMS = {
  ...PROJECT_PARAM,
  state: parseAsStringLiteral(STATE_OPTIONS.map(({ value }) => value)).withDefault("open"),
  q: parseAsString.withDefault(""),
  kind: parseAsStringLiteral(keysOf(KINDS)),
  cause: parseAsStringLiteral(keysOf(CAUSES)),
  version: parseAsString,
  range: parseAsStringLiteral(RANGES.map(({ value }) => value)).withDefault("24h"),
  order: parseAsStringLiteral(ORDERS.map(({ value }) => value)).withDefault("last"),
  view: parseAsStringLiteral(["chart", "table"]).withDefault("chart"),
};
export type LetterParams = inferParserType<typeof LETTER_PARAMS>;

type Filter = NonNullable<RouterInputs["deadLetters"]["groups"]["filter"]>;

/** The filter that a link asks for. */
export function filterOf({ state, q, kind, cause, version }: LetterParams): Filter {
  return {
    ...(state === "all" ? {} : { state }),
    ...(q === "" ? {} : { text: q }),
    ...(kind === null ? {} : { kind }),
    ...(cause === null ? {} : { cause }),
    ...(version === null ? {} : { version }),
  };
}

/** The parameters that clear every condition but the state. */
export const NO_CONDITIONS = { q: null, kind: null, cause: null, version: null } as const;

/** Whether there is any condition besides the state. */
export function hasConditions({ q, kind, cause, version }: LetterParams): boolean {
  return q !== "" || kind !== null || cause !== null || version !== null;
}
