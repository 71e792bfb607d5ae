import { segmentOf } from "../../project/ownerSegment.ts";
import { projectLink } from "../../project/projectParam.ts";

/** The page of a group of dead letters. */
export function groupLink(fingerprint: string, project: string): string {
  return projectLink(`/dead-letters/groups/${segmentOf(fingerprint)}`, { project });
}

/** The page of a dead letter. */
export function letterLink(id: string, project: string): string {
  return projectLink(`/dead-letters/letters/${id}`, { project });
}
