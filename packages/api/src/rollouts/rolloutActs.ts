import { actOnRollout as act, type PrismaClient, readRollout, startRollout } from "@signalbox/db/prisma";
import type { Rollout, RolloutAct, RolloutOrder } from "@signalbox/model";
import { resolvePolicy } from "./resolvePolicy.ts";

/** Who does something to a rollout, and when by the store's clock. */
type Who = { actor: string; now: Date };

/** A rollout after an act; `held` says of each guardrail that can only hold now, because of its judge, which it is, and why. */
export interface ActedRollout {
  readonly rollout: Rollout;
  readonly held: readonly string[];
}

/** Begins a rollout with the guardrails that its judges allow; its log says which they do not. Throws as `startRollout` does. */
export async function beginRollout(store: PrismaClient, order: RolloutOrder, who: Who): Promise<ActedRollout> {
  const { policy, held } = await resolvePolicy(store, order.project, order.policy);
  const reason = [order.reason, ...held].filter((part) => part !== undefined).join(" ");
  const rollout = await startRollout(store, held.length === 0 ? order : { ...order, policy, reason }, who);
  return { rollout, held };
}

/**
 * Does to a rollout what somebody asks for. One that is tried again begins as any other does: with the
 * guardrails that its judges allow now. Throws as `actOnRollout` does, and `invalid_input` where none is left.
 */
export async function actOnRollout(store: PrismaClient, id: string, asked: RolloutAct, who: Who): Promise<ActedRollout> {
  if (asked.act !== "retry") return { rollout: await act(store, id, asked, who), held: [] };
  const before = await readRollout(store, id);
  const { policy, held } = await resolvePolicy(store, before.project, before.policy);
  if (held.length === 0) return { rollout: await act(store, id, asked, who), held };
  return { rollout: await act(store, id, { ...asked, retried: { policy, reason: [asked.reason, ...held].join(" ") } }, who), held };
}
