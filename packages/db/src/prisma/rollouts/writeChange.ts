import {
  changeRollout,
  isUnderWay,
  type Rollout,
  type RolloutChange,
  type RolloutEntry,
  type RolloutEntryKind,
  type RolloutFacts,
  sealEntry,
  weightOf,
} from "@signalbox/model";
import { type Act, audit } from "../auditStore.ts";
import { Prisma } from "../generated/client.ts";
import { type RoutingChange, writeRouting } from "../versions/routingStore.ts";
import { changesOf, toEntry } from "./rolloutRows.ts";

/** The entries that are acts; the others are observations. */
const AUDITED = {
  started: "rollout_started",
  stepped: "rollout_stepped",
  paused: "rollout_paused",
  resumed: "rollout_resumed",
  approved: "rollout_approved",
  promoted: "rollout_promoted",
  rolledBack: "rollout_rolled_back",
  aborted: "rollout_aborted",
  retried: "rollout_retried",
} as const satisfies Partial<Record<RolloutEntryKind, Act["act"]>>;

/** The last entry of a rollout's log; null before the first. */
export async function lastEntry(transaction: Prisma.TransactionClient, id: string): Promise<RolloutEntry | null> {
  const row = await transaction.rolloutEntryRow.findFirst({ where: { rolloutId: id }, orderBy: { number: "desc" } });
  return row === null ? null : toEntry(row);
}

/**
 * Appends an entry, and records the act if it is one. The store supplies
 * its own time of writing: the transaction may have waited since `now`.
 */
export async function writeEntry(transaction: Prisma.TransactionClient, rollout: Rollout, facts: RolloutFacts, now: Date): Promise<void> {
  const { rollout: rolloutId, verdict, evidenceHash = null, ...entry } = sealEntry(await lastEntry(transaction, rollout.id), facts);
  await transaction.rolloutEntryRow.create({
    data: { ...entry, rolloutId, evidenceHash, verdict: verdict === null ? Prisma.DbNull : (verdict as object) },
  });
  if (facts.kind === "looked") return;
  const { project, gate, stable, candidate } = rollout;
  const detail = { gate, stable, candidate, step: facts.step, weight: facts.weight };
  const { kind, actor, reason } = facts;
  await audit(transaction, [{ project, act: AUDITED[kind], subject: rollout.id, actor, reason, detail, now }]);
}

/** The routing of a project while its rollout is in this state, or has ended in it. */
function routingOf(rollout: Rollout): RoutingChange {
  const { stable, candidate, phase, policy } = rollout;
  if (isUnderWay(rollout)) return { stable, candidate, weight: weightOf(rollout), unit: policy.spec.unit };
  return { stable: phase === "promoted" ? candidate : stable, candidate: null };
}

/**
 * Sets a project's routing to what its rollout wants, within the given
 * transaction, and records the change. Returns whether anything changed.
 */
export async function routeFor(
  transaction: Prisma.TransactionClient,
  rollout: Rollout,
  { actor, reason, now }: { actor: string; reason: string; now: Date },
): Promise<boolean> {
  const wanted = routingOf(rollout);
  const is = await transaction.routingRow.findUnique({ where: { project: rollout.project } });
  const isSo =
    is !== null &&
    is.stable === wanted.stable &&
    is.candidate === wanted.candidate &&
    is.weight === (wanted.weight ?? 0) &&
    is.unit === (wanted.unit ?? "session");
  if (isSo) return false;
  await writeRouting(transaction, rollout.project, wanted, { actor, now, reason: `rollout ${rollout.id}: ${reason}` });
  return true;
}

/**
 * Changes a rollout within the given transaction: first the decision is recorded, then the routing follows.
 * `looks` is the number of looks taken by then, `evidenceHash` the hash over them, `now` the store's time.
 */
export async function writeChange(
  transaction: Prisma.TransactionClient,
  before: Rollout,
  change: RolloutChange,
  { looks, evidenceHash, now }: { looks: number; evidenceHash: string | null; now: Date },
): Promise<Rollout> {
  const { rollout, entry } = changeRollout(before, change);
  await transaction.rolloutRow.update({ where: { id: rollout.id }, data: changesOf(rollout) });
  const { id, step } = rollout;
  const facts = { rollout: id, at: change.at, ...entry, step, weight: weightOf(rollout), looks };
  await writeEntry(transaction, rollout, evidenceHash === null ? facts : { ...facts, evidenceHash }, now);
  if (entry.kind !== "retried") await routeFor(transaction, rollout, { ...entry, now });
  return rollout;
}
