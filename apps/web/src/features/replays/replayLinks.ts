import { createSerializer, parseAsString, parseAsStringLiteral } from "nuqs";
import { PROJECT_PARAM, projectLink } from "../../project/projectParam.ts";
import { SHARE_NAMES } from "./words.ts";

/** The two replays to compare. */
export const COMPARE_PARAMS = { a: parseAsString, b: parseAsString };

const compare = createSerializer({ ...PROJECT_PARAM, ...COMPARE_PARAMS });

/** The page of a replay. */
export function replayLink(id: string, project: string): string {
  return projectLink(`/replays/${id}`, { project });
}

/** Which share of a batch is listed; all of it without one. */
export const BATCH_PARAMS = { share: parseAsStringLiteral(SHARE_NAMES) };

/** The page of replays that were asked for together. */
export function batchLink(id: string, project: string): string {
  return projectLink(`/replays/batches/${id}`, { project });
}

/** The page with two replays side by side. */
export function compareLink(a: string, b: string, project: string): string {
  return compare("/replays/compare", { project, a, b });
}
