import type { GatePlace, JudgedRollout, RolloutReader } from "../judgedRollout.ts";

/** How a version may be named after a commit: whole, or by its first characters. */
const namesOf = (sha: string): string[] => [sha, sha.slice(0, 12), sha.slice(0, 7)];

/** The newest rollout of a gate whose candidate is named after a commit; null where there is none. */
export async function rolloutOfCommit(rollouts: RolloutReader, place: GatePlace, sha: string): Promise<JudgedRollout | null> {
  let judged: JudgedRollout | null = null;
  for (const name of namesOf(sha)) judged ??= await rollouts.newest(place, name);
  return judged;
}
