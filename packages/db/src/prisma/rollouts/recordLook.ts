import {
  type Block,
  evidenceHash,
  GATE_ACTOR,
  type GateMove,
  type LiveVerdict,
  RECKONING,
  type Rollout,
  type RolloutLook,
} from "@signalbox/model";
import type { PrismaClient } from "../generated/client.ts";
import { askStateStore } from "../stateStore.ts";
import { lockProject } from "../versions/routingStore.ts";
import type { RolloutRecord } from "./readRollouts.ts";
import { toRollout } from "./rolloutRows.ts";
import { lastEntry, routeFor, writeChange } from "./writeChange.ts";

/**
 * The findings of a look: new blocks, units that were not counted, the verdict
 * over all blocks, and what the gate does about it (null: nothing).
 */
export type Found = Omit<RolloutLook, "rollout" | "number" | "blocks" | "reckoning"> & {
  blocks: readonly Block[];
  verdict: LiveVerdict;
  move: GateMove | null;
};

/**
 * Records a look with its blocks and consequences, all or nothing: first the decision, then the routing. Returns the rollout
 * afterwards; null, without writing anything, where somebody looked or acted since `record` was read. `now` is the store's time.
 */
export async function recordLook(
  prisma: PrismaClient,
  { rollout: { id, project }, looks, last, blocks: known }: RolloutRecord,
  { blocks, verdict, move, ...look }: Found,
  now: Date,
): Promise<Rollout | null> {
  return askStateStore(() =>
    prisma.$transaction(async (transaction) => {
      await lockProject(transaction, project);
      const row = await transaction.rolloutRow.findUnique({ where: { id } });
      if (row === null || row.looks !== looks || (await lastEntry(transaction, id))?.number !== last.number) return null;
      const rolloutId = id;
      const taken = { ...look, number: looks, blocks: known.length + blocks.length, reckoning: RECKONING };
      const found = blocks.map((block, index) => ({ number: known.length + index, look: looks, block }));
      const hash =
        row.evidenceHash === null
          ? null
          : evidenceHash(
              row.evidenceHash,
              { rollout: id, ...taken },
              found.map((one) => ({ rollout: id, ...one })),
            );
      await transaction.rolloutLookRow.create({ data: { ...taken, rolloutId } });
      await transaction.rolloutBlockRow.createMany({ data: found.map((one) => ({ ...one, rolloutId, block: one.block as object })) });
      await transaction.rolloutRow.update({ where: { id }, data: { looks: looks + 1, verdict: verdict as object, evidenceHash: hash } });
      const rollout = toRollout(row);
      return move === null
        ? rollout
        : writeChange(transaction, rollout, { by: "gate", move, verdict, at: look.at }, { looks: looks + 1, evidenceHash: hash, now });
    }),
  );
}

/** Corrects a project's routing where it is not what its rollout wants. Returns whether it had to. */
export async function keepRouting(prisma: PrismaClient, { id, project }: Pick<Rollout, "id" | "project">, now: Date): Promise<boolean> {
  return askStateStore(() =>
    prisma.$transaction(async (transaction) => {
      await lockProject(transaction, project);
      const row = await transaction.rolloutRow.findUnique({ where: { id, endedAt: null } });
      return (
        row !== null &&
        routeFor(transaction, toRollout(row), { actor: GATE_ACTOR, reason: "the routing was not what the rollout wants.", now })
      );
    }),
  );
}
