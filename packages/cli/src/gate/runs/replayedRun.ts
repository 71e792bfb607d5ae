import { type PrismaClient, readReplayBatch } from "@signalbox/db/prisma";
import { isOfDataset } from "@signalbox/evals";
import { AppError, type OfflinePolicy, type ReplayBatch } from "@signalbox/model";
import { z } from "zod";
import { batchTotals } from "../../replay/liveReplays.ts";
import { gateRunOf, type ReplaySideName, replaysOf, selectionName } from "../../replay/replayResults.ts";
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

/**
 * The name of the tasks of a batch. Throws `invalid_input` where a policy is about
 * others, and `conflict` where some of the replays have not ended.
 */
function requireJudgeable({ id, origin, replays, counts }: ReplayBatch, policy: OfflinePolicy): string {
  const selection = origin === null ? id : selectionName(origin);
  if (!isOfDataset(policy.dataset, replaysOf(selection)))
    throw new AppError(
      "invalid_input",
      `The batch of replays ${id} is ${replaysOf(selection)}, and the policy is about ${policy.dataset}.`,
      {
        hint: "Name a batch that the policy is about; the dataset `replays` takes every one.",
      },
    );
  const left = counts.pending + counts.running;
  if (left > 0)
    throw new AppError("conflict", `The batch of replays ${id} is not over: ${replays - left} of ${replays} have ended.`, {
      hint: "Workers of the agent runtime do them; its page in the console shows how far they are.",
    });
  return selection;
}

/**
 * One side of a batch as a run, a task an item. Throws `not_found`, `invalid_input` for a batch that the
 * policy is not about, and `conflict` for one that has not ended, or is not on record as a whole any more.
 */
export async function replayedRun(
  store: PrismaClient,
  project: string,
  { batchId, side }: ReplayReference,
  policy: OfflinePolicy,
): Promise<FoundRun> {
  const batch = await readReplayBatch(store, project, batchId);
  const { plan, wanted } = batch;
  const selection = requireJudgeable(batch, policy);
  const { head, results } = gateRunOf(await batchTotals(store, batchId), { selection, plan }, side);
  if (results.length < wanted)
    throw new AppError(
      "conflict",
      `Of the ${wanted} replays of the batch ${batchId}, ${results.length} are left: the others went with their tasks, or with the project's retention. They are not judged as if they were the whole.`,
      { hint: "Replay the tasks again, and judge the new batch." },
    );
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
