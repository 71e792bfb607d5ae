import { listVerdicts } from "@signalbox/db/gateEvidence";
import type { PrismaClient } from "@signalbox/db/prisma";
import type { ListedGateVerdict } from "@signalbox/model";
import type { GatePlace } from "./judgedRollout.ts";

/** A stored verdict of `gate check`, with the fields that delivery tools get; `offlineHash` identifies the offline gate that it used. */
export type KeptCheck = Pick<ListedGateVerdict, "id" | "at" | "verdict" | "reason" | "offlineHash">;

/** The subject of a check: a registered version by its full name, or a commit, if the check says that it is of that commit. */
export type CheckedOf = { candidateVersion: string } | { commit: string };

/** The store of `gate check` verdicts. Throws `upstream_unavailable` while the store is away. */
export interface KeptChecks {
  /** The latest verdict of a gate on a subject; null if there is none. */
  latest(place: GatePlace, of: CheckedOf): Promise<KeptCheck | null>;
}

/** Verdicts in the state store. */
export function storedChecks(prisma: PrismaClient): KeptChecks {
  return {
    latest: async (place, of) => (await listVerdicts(prisma, { ...place, ...of, rowsMax: 1 }))[0] ?? null,
  };
}
