import {
  AppError,
  CHAIN_START,
  newId,
  policyHash,
  type Rollout,
  type RolloutAct,
  type RolloutOrder,
  requireExpected,
  stableId,
  weightOf,
} from "@signalbox/model";
import type { Prisma, PrismaClient } from "../generated/client.ts";
import { requireProject } from "../projects/projectStore.ts";
import { askStateStore } from "../stateStore.ts";
import { requireAgentVersion } from "../versions/agentVersionStore.ts";
import { lockProject } from "../versions/routingStore.ts";
import { lockRollout } from "./lockRollout.ts";
import { toRollout } from "./rolloutRows.ts";
import { routeFor, writeChange, writeEntry } from "./writeChange.ts";

/** Who acts on a rollout, and when. */
export type Who = { actor: string; now: Date };

/** The input for a new rollout; `reason` is the starter's, if given. */
type Beginning = Pick<Rollout, "id" | "project" | "policy" | "stable" | "candidate" | "retryOf"> & { reason: string | undefined };

async function begin(transaction: Prisma.TransactionClient, { reason, ...of }: Beginning, { actor, now }: Who): Promise<Rollout> {
  const hash = policyHash(of.policy);
  const gate = of.policy.metadata.name;
  const said = reason === undefined ? "" : ` ${reason}`;
  const text = `From ${of.stable} to ${of.candidate} under ${gate}, policy ${hash}.${said}`;
  const row = await transaction.rolloutRow.create({
    data: {
      ...{ ...of, gate, policyHash: hash, phase: "running", step: 0, reason: text, evidenceHash: CHAIN_START },
      ...{ stepStartedAt: now, startedAt: now, startedBy: actor },
    },
  });
  const rollout = toRollout(row);
  const facts = { rollout: rollout.id, at: rollout.startedAt, kind: "started", actor, reason: text, step: 0 } as const;
  await writeEntry(transaction, rollout, { ...facts, weight: weightOf(rollout), looks: 0, verdict: null, evidenceHash: CHAIN_START }, now);
  await routeFor(transaction, rollout, { actor, reason: text, now });
  return rollout;
}

function underWay(current: Rollout, hash: string): AppError {
  const { id, project, gate, candidate } = current;
  const hint = `./signalbox rollout status ${id} shows it; abort it, or start with --replace --reason "...": that aborts it and begins anew.`;
  const isEdited = gate === current.policy.metadata.name && current.policyHash !== hash;
  return new AppError(
    "conflict",
    `Project ${project} has a rollout under way: ${id}, to ${candidate} under ${gate}.${isEdited ? " The policy given is not the one it runs under, which is frozen until it ends." : ""}`,
    { hint },
  );
}

/** Throws where somebody else's candidate is in the routing, or another stable version serves. */
function requireFree(project: string, routing: { stable: string; candidate: string | null; weight: number } | null, stable: string): void {
  if (routing === null) return;
  if (routing.candidate !== null && routing.weight > 0)
    throw new AppError(
      "conflict",
      `Project ${project} gives ${routing.weight} % of its sessions to ${routing.candidate}, without a rollout.`,
      {
        hint: `End that first: ./signalbox route set --project ${project} --without-candidate`,
      },
    );
  if (routing.stable !== stable)
    throw new AppError("conflict", `Project ${project} is served by ${routing.stable}, not by ${stable}.`, {
      hint: "Leave --stable out to begin from what serves it now.",
    });
}

/**
 * Starts a rollout: its policy is frozen, and the candidate gets the first step's share at once. Throws `invalid_input`
 * for a policy without a canary and a candidate that equals the stable version, `not_found` for an unknown version or
 * project, and `conflict` while another rollout of the project is under way or its routing is somebody else's.
 */
export async function startRollout(
  prisma: PrismaClient,
  { project, policy, candidate, stable: from, reason, replace }: RolloutOrder,
  { actor, now, id = newId() }: Who & { id?: string },
): Promise<Rollout> {
  if (policy.spec.canary === undefined)
    throw new AppError("invalid_input", `The policy ${policy.metadata.name} has no canary: there is nothing to roll out by.`, {
      hint: "docs/guides/live-gate.md says what spec.canary is made of.",
    });
  await requireProject(prisma, project);
  await requireAgentVersion(prisma, candidate);
  if (from !== undefined) await requireAgentVersion(prisma, from);
  return askStateStore(() =>
    prisma.$transaction(async (transaction) => {
      await lockProject(transaction, project);
      const current = await transaction.rolloutRow.findFirst({ where: { project, endedAt: null } });
      if (current !== null) {
        if (replace === undefined) throw underWay(toRollout(current), policyHash(policy));
        const change = { by: "person", act: "abort", actor, reason: replace.reason, at: now.toISOString() } as const;
        await writeChange(transaction, toRollout(current), change, { looks: current.looks, evidenceHash: current.evidenceHash, now });
      }
      const routing = await transaction.routingRow.findUnique({ where: { project } });
      const stable = from ?? routing?.stable;
      if (stable === undefined)
        throw new AppError("invalid_input", `Project ${project} has no stable version yet.`, {
          hint: "Say with --stable what it begins from.",
        });
      if (stable === candidate)
        throw new AppError("invalid_input", `${candidate} is the stable version already: there is nothing to compare it with.`);
      requireFree(project, routing, stable);
      return begin(transaction, { id, project, policy, stable, candidate, retryOf: null, reason }, { actor, now });
    }),
  );
}

/** The start of a retried rollout: its policy, changed where something no longer holds, and the note for its log. */
export type Retried = Pick<Rollout, "policy" | "reason">;

/**
 * Begins a rollout that ended badly once more, with the same versions and, but for what `retried` says otherwise,
 * the same policy. Both logs say so. Throws `not_found`, and `conflict` as `startRollout` does.
 */
export async function retryRollout(
  prisma: PrismaClient,
  id: string,
  { reason, expected = {}, retried }: Pick<RolloutAct, "reason" | "expected"> & { retried?: Retried },
  { actor, now }: Who,
): Promise<Rollout> {
  return askStateStore(() =>
    prisma.$transaction(async (transaction) => {
      const row = await lockRollout(transaction, id);
      const before = toRollout(row);
      requireExpected(before, "retry", expected);
      const { project, policy, stable, candidate, policyHash: hash } = before;
      await writeChange(
        transaction,
        before,
        { by: "person", act: "retry", actor, reason, at: now.toISOString() },
        { looks: row.looks, evidenceHash: row.evidenceHash, now },
      );
      const current = await transaction.rolloutRow.findFirst({ where: { project, endedAt: null } });
      if (current !== null) throw underWay(toRollout(current), hash);
      requireFree(project, await transaction.routingRow.findUnique({ where: { project } }), stable);
      const again = stableId("retry", id, now.toISOString());
      return begin(transaction, { id: again, project, policy, stable, candidate, retryOf: id, reason, ...retried }, { actor, now });
    }),
  );
}
