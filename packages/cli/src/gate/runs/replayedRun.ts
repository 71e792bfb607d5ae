import { type PrismaClient, readReplayBatch } from "@signalbox/db/prisma";
import { AppError, type OfflinePolicy } from "@signalbox/model";
import { z } from "zod";
import { batchTotals } from "../../replay/liveReplays.ts";
import { gateRunOf, type ReplaySideName } from "../../replay/replayResults.ts";
import { gateTrial } from "../check/gateTrial.ts";
import { type FoundRun, lineDigest } from "./foundRun.ts";

/** Tasks that were replayed together, as one of two runs: what the replays came to, or what is on record of the tasks. */
export type ReplayReference = { batchId: string; side: ReplaySideName };

const SIDES = { replay: "replayed", record: "recorded" } as const;

/** Parses `replay:BATCH` and `record:BATCH`; null for anything else. Throws `invalid_input` if BATCH is not the id of a batch. */
export function replayReference(reference: string): ReplayReference | null {
  const [, kind, id] = /^(replay|record):(.*)$/.exec(reference) ?? [];
  if (kind === undefined) return null;
  const batchId = z.uuid().safeParse(id);
  if (!batchId.success)
    throw new AppError("invalid_input", `${reference} names no batch of replays.`, {
      hint: "The console shows a batch's id on its page, `./signalbox replay --mode live` when it begins: replay:ID.",
    });
  return { batchId: batchId.data, side: SIDES[kind as keyof typeof SIDES] };
}

/** The default baseline of a candidate: for replays the record of the same tasks, null for any other candidate. */
export function recordOf(candidate: string): string | null {
  const reference = replayReference(candidate);
  return reference?.side === "replayed" ? `record:${reference.batchId}` : null;
}

/** One side of a batch as a run, a task an item. Throws `not_found`, and `conflict` while some of its replays have not ended. */
export async function replayedRun(
  store: PrismaClient,
  project: string,
  { batchId, side }: ReplayReference,
  policy: OfflinePolicy,
): Promise<FoundRun> {
  const { plan, replays, counts } = await readReplayBatch(store, project, batchId);
  const left = counts.pending + counts.running;
  if (left > 0)
    throw new AppError("conflict", `The batch of replays ${batchId} is not over: ${replays - left} of ${replays} have ended.`, {
      hint: "Workers of the agent runtime do them; its page in the console shows how far they are.",
    });
  const { head, results } = gateRunOf(await batchTotals(store, batchId), { selection: batchId, plan }, side);
  const digest = lineDigest();
  for (const line of [head, ...results]) digest.add(JSON.stringify(line));
  const { dataset, datasetHash, unitKey, agent, set = [] } = head;
  return {
    ...{
      id: `${side} ${batchId}`,
      isStored: true,
      agent,
      target: agent,
      digest: digest.value(),
      judges: new Map(),
      placeOf: () => undefined,
    },
    run: {
      name: side === "replayed" ? [`replays ${batchId}`, ...set].join(", ") : `the record of ${batchId}`,
      trials: results.map((result) => gateTrial(result, policy)),
      ...{ dataset: { name: dataset, hash: datasetHash }, unitKey },
    },
  };
}
