import { segmentOf } from "./ownerSegment.ts";
import { projectLink } from "./projectParam.ts";

/** The page of a session. */
export function sessionLink(session: string, project: string): string {
  return projectLink(`/sessions/${segmentOf(session)}`, { project });
}

/** The page of a user. */
export function userLink(user: string, project: string): string {
  return projectLink(`/users/${segmentOf(user)}`, { project });
}
