import { listVerdicts } from "@signalbox/db/gateEvidence";
import type { PrismaClient } from "@signalbox/db/prisma";
import type { ListedGateVerdict } from "@signalbox/model";
import type { GatePlace } from "./judgedRollout.ts";

/** What of a kept verdict of `gate check` delivery tools are told; `offlineHash` is of what it was judged by. */
export type KeptCheck = Pick<ListedGateVerdict, "id" | "at" | "verdict" | "reason" | "offlineHash">;

/** Of what a check is wanted: of a registered version, by its whole name, or of a commit, where the check says that it is of that. */
export type CheckedOf = { candidateVersion: string } | { commit: string };

/** Where verdicts of `gate check` are kept. Throws `upstream_unavailable` while the store is away. */
export interface KeptChecks {
  /** The latest one of a gate; null where none is kept. */
  latest(place: GatePlace, of: CheckedOf): Promise<KeptCheck | null>;
}

/** Verdicts in the state store. */
export function storedChecks(prisma: PrismaClient): KeptChecks {
  return {
    latest: async (place, of) => (await listVerdicts(prisma, { ...place, ...of, rowsMax: 1 }))[0] ?? null,
  };
}
