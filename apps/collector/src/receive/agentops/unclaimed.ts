import { type TokenBucket, takeToken } from "@signalbox/listener";
import { QUARANTINE_PROJECT } from "@signalbox/model";
import { type Compression, MalformedBody } from "../../decode/index.ts";
import type { Bodies } from "../bodies/index.ts";

/** The resource attribute that marks the SDK's batches; its value is "temporary" until the SDK has its token. */
const RESOURCE_KEY = "agentops.project.id";

/** The largest unclaimed body, in bytes: a batch of the SDK is some hundred spans. */
export const UNCLAIMED_BYTES_MAX = 4 * 1024 * 1024;

/** How many batches without a known key are kept per minute, of all senders together. */
const BATCHES_PER_MINUTE_MAX = 120;

/** The project in which a traces request without a key is kept, or null if it is refused. */
export type UnclaimedProject = (body: Buffer, compression: Compression) => Promise<string | null>;

/**
 * Accepts batches that AgentOps' SDK sends before it has its token. A batch begun without a token stays without one however often it is
 * retried: no answer makes it come back with a key. So that it is not lost it goes to a quarantine project, at a limited rate so that
 * senders without a key cannot fill it. `clock` is milliseconds since 1970.
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
