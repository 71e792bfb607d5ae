import { exportedUpTo, listCheckpointsAfter, type PrismaClient, rememberExport } from "@signalbox/db/prisma";
import { type Loop, openLoop } from "@signalbox/listener";
import { AppError, type Checkpoint } from "@signalbox/model";
import type { Logger } from "pino";
import { openHeadsFile } from "./headsFile.ts";

/** Targets of checkpoints outside the store; null for none. The webhook's address may hold a secret, and is never logged. */
export type ExportTargets = { file: string | null; webhookUrl: string | null };

/** Dependencies of the loops. */
export type ExportParts = { prisma: PrismaClient; log: Logger; pauseMs: number; targets: ExportTargets };

/** The most checkpoints sent in one round. */
const ROUND = 100;

/** Time limit for a webhook's answer, in milliseconds. */
const ANSWER_MS_MAX = 10_000;

/** The name under which the store remembers what the webhook has received. */
const WEBHOOK = "webhook";
const FILE = "file";

/**
 * Exports checkpoints outside the store: each at least once, in order, from the first on. A target that refuses one gets it again in the
 * next round; targets do not wait for each other.
 */
export function openExportLoops({ prisma, log, pauseMs, targets: { file, webhookUrl } }: ExportParts): Loop[] {
  return [
    ...(file === null ? [] : [openLoop("checkpoints to the file", pauseMs, log, () => appendHeads(prisma, file))]),
    ...(webhookUrl === null ? [] : [openLoop("checkpoints to the webhook", pauseMs, log, () => postHeads(prisma, webhookUrl))]),
  ];
}

/**
 * Appends the missing checkpoints to the file, after the last one in it. A store that lacks that one, or has a different one in its place,
 * adds nothing.
 */
export async function appendHeads(prisma: PrismaClient, path: string): Promise<"more" | "idle"> {
  await using heads = await openHeadsFile(path);
  const { last } = heads;
  if (last !== null) {
    const [same] = await listCheckpointsAfter(prisma, last.number - 1, 1);
    if (same?.hash !== last.hash)
      throw new AppError("conflict", `The store does not have checkpoint ${last.number} as it was exported to ${path}.`, {
        hint: `./signalbox decisions verify --heads ${path} says what is wrong; after a restore from an older backup, start another file.`,
      });
  }
  const checkpoints = await listCheckpointsAfter(prisma, last?.number ?? 0, ROUND);
  if (checkpoints.length > 0) await heads.append(checkpoints);
  // The file itself shows how far it is; this record is for people who look at the store.
  const told = checkpoints.at(-1) ?? last;
  if (told !== null) await rememberExport(prisma, FILE, told.number);
  return checkpoints.length === ROUND ? "more" : "idle";
}

/** Posts the checkpoints that the webhook has not accepted yet, one after another. */
export async function postHeads(prisma: PrismaClient, url: string): Promise<"more" | "idle"> {
  const checkpoints = await listCheckpointsAfter(prisma, await exportedUpTo(prisma, WEBHOOK), ROUND);
  for (const checkpoint of checkpoints) {
    await post(url, checkpoint);
    await rememberExport(prisma, WEBHOOK, checkpoint.number);
  }
  return checkpoints.length === ROUND ? "more" : "idle";
}

async function post(url: string, checkpoint: Checkpoint): Promise<void> {
  const answer = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(checkpoint),
    signal: AbortSignal.timeout(ANSWER_MS_MAX),
    redirect: "error",
  }).catch(() => undefined);
  await answer?.body?.cancel();
  if (answer?.ok !== true)
    throw new AppError(
      "upstream_unavailable",
      `The webhook did not take checkpoint ${checkpoint.number}: ${answer === undefined ? "it does not answer" : `it answered ${answer.status}`}.`,
    );
}
