import { exportedUpTo, listCheckpointsAfter, type PrismaClient, rememberExport } from "@signalbox/db/prisma";
import { type Loop, openLoop } from "@signalbox/listener";
import { AppError, type Checkpoint } from "@signalbox/model";
import type { Logger } from "pino";
import { openHeadsFile } from "./headsFile.ts";

/** Where checkpoints are told outside the store; null is nowhere. The webhook's address may hold a secret, and is never logged. */
export type ExportTargets = { file: string | null; webhookUrl: string | null };

/** What the loop works with. */
export type ExportParts = { prisma: PrismaClient; log: Logger; pauseMs: number; targets: ExportTargets };

/** So many checkpoints are told in one round. */
const ROUND = 100;

/** How long a webhook may take to answer. */
const ANSWER_MS_MAX = 10_000;

/** Under this name the store remembers what the webhook was told. */
const WEBHOOK = "webhook";
const FILE = "file";

/**
 * Tells checkpoints outside the store: each at least once, in order, from the first on. What a
 * target does not take is told again in the next round; one target does not wait for another.
 */
export function openExportLoops({ prisma, log, pauseMs, targets: { file, webhookUrl } }: ExportParts): Loop[] {
  return [
    ...(file === null ? [] : [openLoop("checkpoints to the file", pauseMs, log, () => appendHeads(prisma, file))]),
    ...(webhookUrl === null ? [] : [openLoop("checkpoints to the webhook", pauseMs, log, () => postHeads(prisma, webhookUrl))]),
  ];
}

/**
 * Adds to the file what it does not have. What it was told last says how far it is:
 * a store that has lost that, or says something else of it, is told nothing about.
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
  // The file itself says how far it is; this is for whoever looks at the store.
  const told = checkpoints.at(-1) ?? last;
  if (told !== null) await rememberExport(prisma, FILE, told.number);
  return checkpoints.length === ROUND ? "more" : "idle";
}

/** Posts what the webhook has not taken, one checkpoint after another. */
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
