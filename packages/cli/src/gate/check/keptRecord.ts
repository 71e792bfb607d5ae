import { findVerdict, readRolloutEvidence } from "@signalbox/db/gateEvidence";
import type { PrismaClient } from "@signalbox/db/prisma";
import { AppError, type RolloutEvidence, type StoredGateVerdict } from "@signalbox/model";
import { z } from "zod";

/** The record with an id: a verdict on eval runs, or a rollout. */
export type KeptRecord = { kind: "offline"; verdict: StoredGateVerdict } | { kind: "live"; evidence: RolloutEvidence };

/** The record with an id. Throws `invalid_input` for a malformed id, `not_found` where there is none. */
export async function requireRecord(prisma: PrismaClient, text: string): Promise<KeptRecord> {
  const hint = "`./signalbox gate list` shows the verdicts that are kept, `./signalbox rollout list` the rollouts.";
  if (!z.uuid().safeParse(text).success) throw new AppError("invalid_input", `"${text}" is no id of a verdict or of a rollout.`, { hint });
  const id = text.toLowerCase();
  const verdict = await findVerdict(prisma, id);
  if (verdict !== null) return { kind: "offline", verdict };
  try {
    return { kind: "live", evidence: await readRolloutEvidence(prisma, id) };
  } catch (cause) {
    if (!(cause instanceof AppError && cause.code === "not_found")) throw cause;
    throw new AppError("not_found", `There is neither a verdict nor a rollout ${id}.`, { hint });
  }
}
