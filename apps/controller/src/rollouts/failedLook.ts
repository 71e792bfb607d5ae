import { noteLookFailure, readRolloutRecord, recordLook } from "@signalbox/db/prisma";
import { latestVerdict, nextMove } from "@signalbox/evals";
import { AppError, isUnderWay, type LookFailure } from "@signalbox/model";
import { type LookParts, momentOf } from "./lookAtRollout.ts";

/**
 * The public reason for a failure. The message of an unforeseen error goes only into the controller's log, since it may contain
 * confidential text.
 */
const reasonOf = (error: unknown): string =>
  error instanceof AppError ? error.message : "Something failed that nobody foresaw: the controller's log says what.";

/**
 * Records a failed look: that looks fail, and since when. The step's time still passes: a step that is over pauses the rollout or rolls it
 * back, as its policy says, on the stored blocks. Nothing else is decided on unreadable evidence, and nothing at all by a policy other than
 * the frozen one. Null for a rollout that is over.
 */
export async function failedLook(
  { prisma, now }: Pick<LookParts, "prisma" | "now">,
  id: string,
  error: unknown,
): Promise<LookFailure | null> {
  const asked = await now();
  const failure = await noteLookFailure(prisma, id, { at: asked.toISOString(), reason: reasonOf(error) });
  if (failure === null) return null;
  const record = await readRolloutRecord(prisma, id);
  if (!isUnderWay(record.rollout)) return null;
  if (record.policyFault !== null) return failure;
  const atMs = momentOf(record, asked);
  const stored = record.blocks.map(({ block }) => block);
  const verdict = latestVerdict(record.rollout, stored, atMs);
  const move = verdict.grounds === "timeout" ? nextMove(record.rollout, verdict, record.lastVerdict) : null;
  if (move === null) return failure;
  const { waiting = 0, crossed = 0, ignored = 0 } = record.lastLook ?? {};
  const found = { at: new Date(atMs).toISOString(), waiting, crossed, ignored, blocks: [], verdict, move };
  await recordLook(prisma, record, found, asked);
  return failure;
}
