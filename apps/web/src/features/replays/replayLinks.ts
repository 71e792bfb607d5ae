import { createSerializer, parseAsString, parseAsStringLiteral } from "nuqs";
import { PROJECT_PARAM, projectLink } from "../../project/projectParam.ts";
import { SHARE_NAMES } from "./words.ts";

/** Which two replays stand side by side. */
export const COMPARE_PARAMS = { a: parseAsString, b: parseAsString };

const compare = createSerializer({ ...PROJECT_PARAM, ...COMPARE_PARAMS });

/** The page of a replay. */
export function replayLink(id: string, project: string): string {
  return projectLink(`/replays/${id}`, { project });
}

/** Which share of a batch is listed (all of it without one), and the group of dead letters that it is of, where one is known. */
export const BATCH_PARAMS = { share: parseAsStringLiteral(SHARE_NAMES), group: parseAsString };

const batch = createSerializer({ ...PROJECT_PARAM, ...BATCH_PARAMS });

/** The page of replays that were asked for together, of a group of dead letters where they are. */
export function batchLink(id: string, project: string, group: string | null = null): string {
  return batch(`/replays/batches/${id}`, { project, group });
}

/** The page with two replays side by side. */
export function compareLink(a: string, b: string, project: string): string {
  return compare("/replays/compare", { project, a, b });
}
