import { createSerializer } from "nuqs";
import { projectLink } from "../../project/projectParam.ts";
import { LETTER_PARAMS } from "./letterParams.ts";

const listLink = createSerializer(LETTER_PARAMS);

/** The page of a dead letter. */
export function letterLink(id: string, project: string): string {
  return projectLink(`/dead-letters/letters/${id}`, { project });
}

/** The dead letters of a version of the agent, whatever became of them. */
export function versionLettersLink(version: string, project: string): string {
  return listLink("/dead-letters", { project, version, state: "all", range: "30d" });
}
