import { access, constants, realpath, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import type { ReplayableFilter } from "@signalbox/db/prisma";
import { AppError, REPLAY_CHANGES, type ReplayOrigin, type ReplayPlan, sha256 } from "@signalbox/model";
import { writeWholeFile } from "../commandLine/wholeFile.ts";
import type { ReplayedTask, ReplayTotals } from "./replayMany.ts";
import { settingsOf } from "./replayPlan.ts";

/** The paths of the result files for a gate: of the replays, and of the record. */
export type ResultPaths = { replayed?: string | undefined; recorded?: string | undefined };

/** The canonical path of a file. Throws the system's error for a folder that does not exist, or is not writable. */
async function placeOf(path: string): Promise<string> {
  const folder = await realpath(dirname(resolve(path)));
  await access(folder, constants.W_OK);
  return join(folder, basename(path));
}

/** Throws `invalid_input` where results could not be written to these paths, before anything is replayed. */
export async function requireWritable(paths: ResultPaths): Promise<void> {
  const places = new Set<string>();
  for (const path of [paths.replayed, paths.recorded].filter((given) => given !== undefined)) {
    const place = await placeOf(path).catch((error: Error) => {
      throw new AppError("invalid_input", `${path} cannot be written: ${error.message}.`, { cause: error });
    });
    const known = await stat(place).catch(() => undefined);
    if (known?.isDirectory()) throw new AppError("invalid_input", `${path} is a folder.`, { hint: "Name a file in it." });
    if (places.has(place)) throw new AppError("invalid_input", "--results and --recorded-results are the same file.");
    places.add(place);
  }
}

/** The name of the tasks that were replayed: the same for the same group, or time. */
export function selectionName(of: ReplayableFilter | ReplayOrigin): string {
  return "fingerprint" in of ? of.fingerprint : [of.since, of.until].map((time) => new Date(time).toISOString()).join("/");
}

/** The dataset that the replays of a selection are. */
export const replaysOf = (selection: string): string => `replays@${selection}`;

/** The origin of results: a selection of tasks, and how they were replayed. */
export type ResultsOf = { selection: string; plan: Pick<ReplayPlan, "against" | "model" | "prompt" | "tools"> };

/** The metrics of a replay besides `success` and `identical` that a gate may use, as `outcome_…`. */
const CHANGES = REPLAY_CHANGES.filter((change) => change !== "unknown");

/** A side of replays: what is on record of their tasks, or what they came to. */
export type ReplaySideName = keyof ReplayedTask["succeeded"];

type Score = { name: string; value: number; passed: boolean | null; isFailure?: true };

const score = (name: string, passed: boolean): Score => ({ name, value: Number(passed), passed });

/** An unknown outcome: it is not a score, and holds the gate. */
const unknown = (name: string): Score => ({ name, value: 0, passed: null, isFailure: true });

const ENDINGS = ["success", ...CHANGES.map((change) => `outcome_${change}`)];

/** The scores of one side: whether it equals the record, its success, and the replay's change; the record changes nothing. */
function scoresOf({ outcome, change, succeeded }: ReplayedTask, side: ReplaySideName): readonly Score[] {
  const identical = score("identical", side === "recorded" || outcome === "identical");
  const success = succeeded[side];
  if (change === "unknown" || success === null) return [identical, ...ENDINGS.map(unknown)];
  const changed = side === "recorded" ? "same" : change;
  return [identical, score("success", success), ...CHANGES.map((name) => score(`outcome_${name}`, changed === name))];
}

/**
 * One side of replays as a run for a gate: `head` describes the run, each task is an item; one that could not be replayed has no score. Its
 * agent is the version replayed against, but for one with another model, prompt or tool answers (`set`): such a run says nothing of it.
 */
export function gateRunOf({ tasks, failed }: ReplayTotals, { selection, plan }: ResultsOf, side: ReplaySideName) {
  const ids = [...tasks, ...failed].map(({ taskId }) => taskId).toSorted();
  const set = side === "replayed" ? settingsOf(plan) : [];
  const agent = side === "replayed" && plan.against !== null && set.length === 0 ? `agent@${plan.against}` : null;
  const byId = new Map(tasks.map((task) => [task.taskId, task]));
  return {
    head: {
      dataset: replaysOf(selection),
      datasetHash: sha256(ids.join("\n")),
      unitKey: null,
      agent,
      ...(set.length === 0 ? {} : { set }),
    },
    results: ids.map((id) => {
      const task = byId.get(id);
      const scores = task === undefined ? ["identical", ...ENDINGS].map(unknown) : scoresOf(task, side);
      return { item: id, state: "answered" as const, scores, traceId: task?.traceId ?? null };
    }),
  };
}

async function* jsonLines(documents: Iterable<unknown>): AsyncGenerator<string> {
  for (const document of documents) yield `${JSON.stringify(document)}\n`;
}

/** Writes the results of many replays as result files for `gate check`: `replayed` as its candidate, `recorded` as its baseline. */
export async function writeReplayResults(paths: ResultPaths, totals: ReplayTotals, of: ResultsOf): Promise<void> {
  for (const side of ["replayed", "recorded"] as const) {
    const path = paths[side];
    if (path === undefined) continue;
    const { head, results } = gateRunOf(totals, of, side);
    await writeWholeFile(path, jsonLines([head, ...results]));
  }
}
