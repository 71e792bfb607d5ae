import type { Prisma } from "../generated/client.ts";
import { lockProject } from "../versions/routingStore.ts";
import { rolloutNotFound } from "./readRollouts.ts";

/**
 * Locks a rollout's project against other changes of its routing until the transaction ends, and returns the rollout. Throws `not_found`.
 */
export async function lockRollout(transaction: Prisma.TransactionClient, id: string) {
  const found = await transaction.rolloutRow.findUnique({ where: { id } });
  if (found === null) throw rolloutNotFound(id);
  await lockProject(transaction, found.project);
  return transaction.rolloutRow.findUniqueOrThrow({ where: { id } });
}
