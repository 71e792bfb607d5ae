import { segmentOf } from "./ownerSegment.ts";
import { projectLink } from "./projectParam.ts";

/** The page of a group of dead letters. */
export function groupLink(fingerprint: string, project: string): string {
  return projectLink(`/dead-letters/groups/${segmentOf(fingerprint)}`, { project });
}
