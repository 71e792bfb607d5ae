import { facetChoices, type ListChange, type ListParams } from "../listParams.ts";
import { exclusion, FACETS, type Facet, facetText } from "./facets.ts";

/** The conditions of the list besides facets, with their labels and URL parameters. */
export const FIELDS = [
  { param: "errors", condition: "hasErrors", label: "With failed spans" },
  { param: "name", condition: "name", label: "Name" },
  { param: "minMs", condition: "minDurationMs", label: "Min duration" },
  { param: "minUsd", condition: "minCostUsd", label: "Min cost" },
  { param: "q", condition: "text", label: "Text" },
] as const satisfies readonly { param: keyof ListParams; condition: string; label: string }[];

type FieldParam = (typeof FIELDS)[number]["param"];

/** A condition in force: `condition` is its name in the API, `text` what it asks for, `drop` the change that removes it. */
export type ActiveFilter = { id: string; condition: string; label: string; text: string; drop: ListChange };

export const NO_FILTERS: ListChange = Object.fromEntries(
  [...FACETS.map(({ facet }) => facet), ...FIELDS.map(({ param }) => param), "score", "without"].map((param) => [param, null]),
);

function fieldText(param: FieldParam, params: ListParams): string {
  const value = params[param];
  if (param === "errors") return "";
  if (param === "minMs") return `${value} ms`;
  return param === "minUsd" ? `$${value}` : String(value);
}

/** The conditions in force, in the order of the panel: each value of a facet is one. */
export function activeFilters(params: ListParams): ActiveFilter[] {
  const { only, without } = facetChoices(params);
  const ofFacets = FACETS.flatMap(({ facet, label }) => [
    ...(only[facet] ?? []).map((value) => ({
      id: `${facet}=${value}`,
      condition: facet,
      label,
      text: facetText(facet, value),
      drop: choose(params, facet, value, null),
    })),
    ...(without[facet] ?? []).map((value) => ({
      id: `${facet}!${value}`,
      condition: facet,
      label: `${label} not`,
      text: facetText(facet, value),
      drop: choose(params, facet, value, null),
    })),
  ]);
  const ofFields = FIELDS.filter(({ param }) => params[param] !== null && params[param] !== "" && params[param] !== false).map(
    ({ param, condition, label }) => ({ id: param, condition, label, text: fieldText(param, params), drop: { [param]: null } }),
  );
  const ofScores = params.score
    .filter((text) => text !== "")
    .map((text) => ({
      ...{ id: `score=${text}`, condition: "scores", label: "Score", text },
      drop: { score: params.score.filter((each) => each !== text) },
    }));
  return [...ofFacets, ...ofFields, ...ofScores];
}

/** The role of a facet's value in the filter. */
export type Choice = "only" | "without" | null;

/** The change that makes a facet's value wanted, excluded or neither. */
export function choose(params: ListParams, facet: Facet, value: string, choice: Choice): ListChange {
  const unwantedText = exclusion(facet, value);
  const wanted = params[facet].filter((each) => each !== value);
  const unwanted = params.without.filter((each) => each !== unwantedText);
  return {
    [facet]: choice === "only" ? [...wanted, value] : wanted,
    without: choice === "without" ? [...unwanted, unwantedText] : unwanted,
  };
}
