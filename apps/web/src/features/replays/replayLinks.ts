import { createSerializer, parseAsString } from "nuqs";
import { PROJECT_PARAM, projectLink } from "../../project/projectParam.ts";

/** The two replays to compare. */
export const COMPARE_PARAMS = { a: parseAsString, b: parseAsString };

const compare = createSerializer({ ...PROJECT_PARAM, ...COMPARE_PARAMS });

/** The page of a replay. */
export function replayLink(id: string, project: string): string {
  return projectLink(`/replays/${id}`, { project });
}

/** The page with two replays side by side. */
export function compareLink(a: string, b: string, project: string): string {
  return compare("/replays/compare", { project, a, b });
}
