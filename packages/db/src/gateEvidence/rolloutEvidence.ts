import { policyHash, type ReleaseFacts, type RolloutEvidence } from "@signalbox/model";
import type { PrismaClient } from "../prisma/generated/client.ts";
import { atOneMoment, listBlocks, listLooks, listRolloutEntries, readFrozen } from "../prisma/rollouts/index.ts";
import { requireAgentVersion } from "../prisma/versions/agentVersionStore.ts";
import { listVerdicts } from "./verdictStore.ts";

/** A log has an entry for each change of what the gate says: some dozens. */
const ENTRIES_MAX = 100_000;

/** All that is on record of a rollout. Throws `not_found`. */
export async function readRolloutEvidence(prisma: PrismaClient, id: string): Promise<RolloutEvidence> {
  return atOneMoment(prisma, async (transaction) => {
    const { rollout, frozenPolicy, evidenceHash, lastVerdict } = await readFrozen(transaction, id);
    const entries = await listRolloutEntries(transaction, id, { rowsMax: ENTRIES_MAX });
    const evidence = { rollout, entries, looks: await listLooks(transaction, id), blocks: await listBlocks(transaction, id) };
    const isReadInto = policyHash(rollout.policy) !== policyHash(frozenPolicy);
    return {
      ...evidence,
      ...(evidenceHash === null ? {} : { evidenceHash }),
      // Before there were hashes only what was news was kept of what looks said.
      ...(evidenceHash === null || lastVerdict === null ? {} : { lastVerdict }),
      ...(isReadInto ? { frozenPolicy } : {}),
    };
  });
}

/**
 * What a bundle attests of a rollout: its record, its versions with their
 * hashes, and the last check of its candidate that was kept before it began.
 */
export async function readRelease(
  prisma: PrismaClient,
  { rollout: { policy, ...rollout }, lastVerdict: _, ...evidence }: RolloutEvidence,
): Promise<ReleaseFacts> {
  const versionOf = async (name: string) => ({ name, sha256: (await requireAgentVersion(prisma, name)).hash });
  const { id, project, gate, candidate, stable, startedAt } = rollout;
  const [check] = await listVerdicts(prisma, { project, candidateVersion: candidate, until: startedAt, rowsMax: 1 });
  return {
    ...{ kind: "live", id, project, gate, policy, rollout, ...evidence, at: evidence.entries.at(-1)?.at ?? startedAt },
    versions: { candidate: await versionOf(candidate), stable: await versionOf(stable) },
    check:
      check === undefined
        ? null
        : {
            ...{ id: check.id, at: check.at, commit: check.commit, verdict: check.verdict },
            dataset: { name: check.dataset, hash: check.datasetHash },
          },
    verdict: evidence.entries.findLast(({ verdict }) => verdict !== null)?.verdict ?? null,
  };
}
