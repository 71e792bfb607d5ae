import { userInfo } from "node:os";
import { keepVerdict } from "@signalbox/db/gateEvidence";
import { findAgentVersion, type PrismaClient } from "@signalbox/db/prisma";
import { asKept, type OfflineVerdict } from "@signalbox/evals";
import {
  type GatePolicy,
  type JudgedMetric,
  type NamedVersion,
  RECKONING,
  type RunEvidence,
  type StoredGateVerdict,
  VerdictDocument,
} from "@signalbox/model";
import type { FoundRun } from "../runs/foundRun.ts";
import { checkedOutCommit } from "./checkedOutCommit.ts";

/** A verdict of `gate check`, with its inputs. `commit` is the candidate's, undefined where none was given. */
export interface Checked {
  readonly project: string;
  readonly commit: string | undefined;
  readonly policy: GatePolicy;
  readonly candidate: FoundRun;
  readonly baseline: FoundRun | null;
  readonly judges: readonly JudgedMetric[];
  readonly verdict: OfflineVerdict;
}

/** The version in a target such as `agent@1.0.0+0123abcd`. */
async function versionOf(prisma: PrismaClient, target: string | null): Promise<NamedVersion | null> {
  const [, name] = /^agent@(.+)$/.exec(target ?? "") ?? [];
  if (name === undefined) return null;
  return { name, sha256: (await findAgentVersion(prisma, name))?.hash ?? null };
}

/** A run as evidence: its tries' scores on the policy's metrics, and nothing that the gate does not use. */
async function evidenceOf(prisma: PrismaClient, { run, digest, target }: FoundRun, metrics: ReadonlySet<string>): Promise<RunEvidence> {
  const trials = run.trials.map(({ item, cluster, failed, scores, unscored = [], traceId }) => {
    const asked = unscored.filter((name) => metrics.has(name));
    return {
      item,
      ...(cluster === undefined ? {} : { cluster }),
      ...(failed === true ? { failed } : {}),
      scores: Object.fromEntries(Object.entries(scores).filter(([name]) => metrics.has(name))),
      ...(asked.length === 0 ? {} : { unscored: asked }),
      ...(traceId == null ? {} : { traceId }),
    };
  });
  const { name, dataset, unitKey, calibrations = {} } = run;
  return { name, digest, version: await versionOf(prisma, target), dataset, unitKey, calibrations: { ...calibrations }, trials };
}

/** Stores a verdict of `gate check` with its policy, its paired scores and their origin. */
export async function keepCheck(prisma: PrismaClient, checked: Checked, env: NodeJS.ProcessEnv): Promise<StoredGateVerdict> {
  const { project, commit, policy, candidate, baseline, judges, verdict } = checked;
  const metrics = new Set(policy.spec.offline?.metrics.map(({ name }) => name));
  return keepVerdict(prisma, {
    ...{ project, gate: policy.metadata.name, at: new Date().toISOString(), actor: userInfo().username, policy },
    ...(commit === undefined ? { commit: checkedOutCommit(env) } : { commit, isCandidatesCommit: true }),
    evidence: {
      candidate: await evidenceOf(prisma, candidate, metrics),
      baseline: baseline === null ? null : await evidenceOf(prisma, baseline, metrics),
      judges,
      reckoning: RECKONING,
    },
    verdict: VerdictDocument.parse(asKept(verdict)),
  });
}
