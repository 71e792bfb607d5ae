import { policyHash, type ReleaseFacts, type RolloutEvidence } from "@signalbox/model";
import type { PrismaClient } from "../prisma/generated/client.ts";
import { atOneMoment, listBlocks, listLooks, listRolloutEntries, readFrozen } from "../prisma/rollouts/index.ts";
import { requireAgentVersion } from "../prisma/versions/agentVersionStore.ts";
import { listVerdicts } from "./verdictStore.ts";

/** An upper bound: a log has an entry for each change of the gate's verdict, some dozens. */
const ENTRIES_MAX = 100_000;

/** The whole record of a rollout. Throws `not_found`. */
export async function readRolloutEvidence(prisma: PrismaClient, id: string): Promise<RolloutEvidence> {
  return atOneMoment(prisma, async (transaction) => {
    const { rollout, frozenPolicy, evidenceHash, lastVerdict } = await readFrozen(transaction, id);
    const entries = await listRolloutEntries(transaction, id, { rowsMax: ENTRIES_MAX });
    const evidence = { rollout, entries, looks: await listLooks(transaction, id), blocks: await listBlocks(transaction, id) };
    const isReadInto = policyHash(rollout.policy) !== policyHash(frozenPolicy);
    return {
      ...evidence,
      ...(evidenceHash === null ? {} : { evidenceHash }),
      // Before evidence hashes existed, only changes of a look's verdict were kept.
      ...(evidenceHash === null || lastVerdict === null ? {} : { lastVerdict }),
      ...(isReadInto ? { frozenPolicy } : {}),
    };
  });
}

/**
 * The facts that a bundle attests about a rollout: its record, its versions with
 * their hashes, and the last stored check of its candidate from before it began.
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
