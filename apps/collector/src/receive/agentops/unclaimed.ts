import { type TokenBucket, takeToken } from "@signalbox/listener";
import { QUARANTINE_PROJECT } from "@signalbox/model";
import { type Compression, MalformedBody } from "../../decode/index.ts";
import type { Bodies } from "../bodies/index.ts";

/** What the SDK writes on its resource; before it has its token, with the value "temporary". */
const RESOURCE_KEY = "agentops.project.id";

/** A batch of the SDK is some hundred spans. */
export const UNCLAIMED_BYTES_MAX = 4 * 1024 * 1024;

/** How many batches nobody has a key for are kept, of all senders together. */
const BATCHES_PER_MINUTE_MAX = 120;

/** The project in which a traces request without a key is kept, or null where it is refused. */
export type UnclaimedProject = (body: Buffer, compression: Compression) => Promise<string | null>;

/**
 * AgentOps' SDK sends what it has before it has its token, and a batch that was begun without one stays without however often it is sent
 * again: no answer makes it come back with a key. So that it is not lost it goes to a project of its own, at a rate that leaves nobody
 * without a key much to fill. `clock` is milliseconds since 1970.
 */
export function unclaimedProjects(clock: () => number, bodies: Bodies): UnclaimedProject {
  let bucket: TokenBucket | undefined;
  return async (body, compression) => {
    if (!(await mentionsAgentOps(body, compression, bodies))) return null;
    const taken = takeToken(bucket, BATCHES_PER_MINUTE_MAX, clock());
    bucket = taken.bucket;
    return taken.kind === "taken" ? QUARANTINE_PROJECT : null;
  };
}

async function mentionsAgentOps(body: Buffer, compression: Compression, bodies: Bodies): Promise<boolean> {
  try {
    return await bodies.work("mentions", body, compression, { text: RESOURCE_KEY });
  } catch (error) {
    if (error instanceof MalformedBody) return false;
    throw error;
  }
}
