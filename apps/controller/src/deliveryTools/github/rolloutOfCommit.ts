import type { GatePlace, JudgedRollout, RolloutReader } from "../judgedRollout.ts";

/** The names that a version may have from a commit: the whole hash, or its first characters. */
const namesOf = (sha: string): string[] => [sha, sha.slice(0, 12), sha.slice(0, 7)];

/** The newest rollout of a gate whose candidate is named after a commit; null if there is none. */
export async function rolloutOfCommit(rollouts: RolloutReader, place: GatePlace, sha: string): Promise<JudgedRollout | null> {
  let judged: JudgedRollout | null = null;
  for (const name of namesOf(sha)) judged ??= await rollouts.newest(place, name);
  return judged;
}
