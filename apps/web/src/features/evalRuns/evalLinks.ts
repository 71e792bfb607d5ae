import { createSerializer, parseAsArrayOf, parseAsString, parseAsStringLiteral } from "nuqs";
import { PROJECT_PARAM, projectLink } from "../../project/projectParam.ts";

/** The filters of a comparison's items. */
export const CHANGES = ["all", "regressed", "improved"] as const;

/**
 * Everything about a comparison that a link must reproduce: the baseline and
 * its candidates, of which scorer which changes are listed (null: of any), and
 * the margins that somebody set, as `margins.ts` writes them.
 */
export const COMPARE_PARAMS = {
  ...PROJECT_PARAM,
  runs: parseAsArrayOf(parseAsString).withDefault([]),
  change: parseAsStringLiteral(CHANGES).withDefault("all"),
  metric: parseAsString,
  margins: parseAsString.withDefault(""),
};

/** The URL parameters of a run's page: whether tries or classes are shown, and the scorer whose failures are listed (null: everything). */
export const RUN_PARAMS = {
  ...PROJECT_PARAM,
  view: parseAsStringLiteral(["tries", "classes"] as const).withDefault("tries"),
  failing: parseAsString,
};

const compareSerializer = createSerializer(COMPARE_PARAMS);

/** The page of an eval run. */
export function runLink(id: string, project: string): string {
  return projectLink(`/evals/${id}`, { project });
}

/** The page that compares runs, the baseline first. */
export function compareLink(runs: string[], project: string): string {
  return compareSerializer("/evals/compare", { runs, project });
}

/** The page of the trace behind an answer. */
export function tryTraceLink(traceId: string, project: string): string {
  return projectLink(`/traces/${traceId}`, { project });
}
