import { existsSync } from "node:fs";
import { type ErasureFound, estimateDecisions, type VerifiedLog, verifyDecisionLog } from "@signalbox/db/decisionLog";
import { AppError, checkpointHeadFile, counted, countText, type Finding } from "@signalbox/model";
import { z } from "zod";
import { EXIT } from "../commandLine/exitCode.ts";
import { startProgress } from "../commandLine/progress.ts";
import type { Act } from "../commandLine/verb.ts";
import { loadConfig } from "../config.ts";
import { runningStores } from "../supervisor/runningStores.ts";
import { ownKeyFile, trustedKeys } from "./checkpointKeys.ts";
import { readHeads } from "./headsFile.ts";

/** The flags of `signalbox decisions verify`. */
interface VerifyFlags {
  task?: string;
  since?: string;
  publicKey?: string;
  heads?: string;
  acceptErasure?: string[];
}

/** The longest normal wait for a checkpoint; after it, the controller seems not to sign any. */
const WAITING_MS_MAX = 30 * 60_000;

/**
 * `signalbox decisions verify`: 0 when everything is whole, 1 when something is wrong, 3 when nothing is found but that cannot be certain.
 */
export const decisionsVerify: Act<VerifyFlags> = async ({
  output,
  env,
  flags: { task, since, publicKey, heads, acceptErasure = [], ...flags },
}) => {
  const config = loadConfig(env, flags);
  const verification = {
    keys: trustedKeys(publicKey, env, config.dataDir),
    heads: headsOf(heads, { env, dataDir: config.dataDir, isOwn: publicKey === undefined }),
    taskId: task === undefined ? undefined : taskIdOf(task),
    since: since === undefined ? undefined : sinceOf(since),
  };
  const { DATABASE_URL: databaseUrl } = runningStores(config, "DATABASE_URL");
  const bar = startProgress(output, "Decisions", await estimateDecisions(databaseUrl));
  const verified = await verifyDecisionLog(databaseUrl, { ...verification, progress: bar.update }).finally(() => bar.stop());
  if (verification.taskId !== undefined && verified.tasks === 0 && verified.findingsTotal === 0)
    throw new AppError(
      "not_found",
      `The decision log has nothing of the task ${verification.taskId}${since === undefined ? "" : " since then"}.`,
    );
  const doubts = doubtsOf(verified, acceptErasure, Date.now());
  const isWhole = verified.findingsTotal === 0 && doubts.length === 0;
  const eventsPerSecond = Math.round(verified.events / verified.seconds);
  const headsCompared = verification.heads.size;
  output.result({ whole: isWhole, doubts, ownKey: publicKey === undefined, headsCompared, ...verified, eventsPerSecond }, () =>
    verifyText(verified, { doubts, headsCompared, publicKey }),
  );
  if (verified.findingsTotal > 0) return EXIT.failed;
  return isWhole ? EXIT.pass : EXIT.inconclusive;
};

/** The exported checkpoints of a file; by default the last one that the data folder's controller signed, if it is kept there. */
export function headsOf(
  file: string | undefined,
  { env, dataDir, isOwn }: { env: NodeJS.ProcessEnv; dataDir: string; isOwn: boolean },
): Map<number, string> {
  if (file !== undefined) return readHeads(file);
  const kept = checkpointHeadFile(ownKeyFile(env, dataDir));
  // A store other than the data folder's may be verified with a key of its own.
  const { DATABASE_URL: otherStore = "" } = env;
  const isOwnStore = isOwn || otherStore === "";
  return isOwnStore && existsSync(kept) ? readHeads(kept) : new Map();
}

/** The form in which an erasure is accepted: its id, and the number of entries it took. */
const acceptable = ({ id, entries }: { id: string; entries: number }): string => `${id}:${entries}`;

/** The question about an erasure that a person has to answer: its record in the store cannot prove that it was really requested. */
function erasureDoubt(erasure: ErasureFound): string {
  const { id, actor, begunAt, entries } = erasure;
  return [
    `The erasure ${id} took ${entries === 1 ? "one entry" : `${entries.toLocaleString("en-US")} entries`} for good. ${actor} is on record as who asked for it, at ${begunAt}, but whoever holds the database can write that, too: ask ${actor}.`,
    `  If it was asked for, accept it by name: --accept-erasure ${acceptable(erasure)}.`,
    "  If nobody asked for it, decisions were taken away behind the product's back: a backup from before has them.",
  ].join("\n");
}

/** Reasons why the log cannot be called whole, although nothing wrong was found. */
export function doubtsOf(
  { last, events, erasures, waitingSince }: Pick<VerifiedLog, "last" | "events" | "erasures" | "waitingSince">,
  accepted: readonly string[],
  nowMs: number,
): string[] {
  return [
    ...(last === null && events > 0 ? ["No checkpoint holds these decisions: somebody may have sealed them all anew."] : []),
    ...(waitingSince !== null && nowMs - Date.parse(waitingSince) > WAITING_MS_MAX
      ? [`Decisions wait for a checkpoint since ${waitingSince}: no controller signs.`]
      : []),
    ...erasures.filter((erasure) => !accepted.includes(acceptable(erasure))).map(erasureDoubt),
  ];
}

function taskIdOf(text: string): string {
  if (z.uuid().safeParse(text).success) return text.toLowerCase();
  throw new AppError("invalid_input", `"${text}" is no task's id.`);
}

/** A checkpoint by its number, or the last one up to a time. */
function sinceOf(text: string): { number: number } | { time: Date } {
  if (/^\d{1,9}$/.test(text)) return { number: Number(text) };
  const time = new Date(text);
  if (/^\d{4}-/.test(text) && !Number.isNaN(time.getTime())) return { time };
  throw new AppError("invalid_input", `--since is a checkpoint's number or a time such as 2026-11-26T00:00:00Z, not "${text}".`);
}

function verifyText(
  { last, tasks, events, eventsAfter, erasures, findings, findingsTotal, seconds }: VerifiedLog,
  { doubts, headsCompared, publicKey }: { doubts: readonly string[]; headsCompared: number; publicKey?: string | undefined },
): string {
  const upTo =
    last === null
      ? "There is no checkpoint yet: chains alone were checked."
      : `Checkpoint ${last.number} of ${last.time} covers ${counted(events - eventsAfter, "decision")}; ${countText(eventsAfter)} came after it.`;
  const gone = erasures.map(
    ({ id, kind, project, actor, begunAt, entries, signed }) =>
      `Erased on record: ${counted(entries, "entry", "entries")} of a ${kind} of project ${project}, by ${actor}, ${begunAt} (erasure ${id})${signed < entries ? "; the next checkpoint signs it" : ""}.`,
  );
  const untold = findingsTotal - findings.length;
  return [
    findingsTotal > 0
      ? `Broken: ${counted(findingsTotal, "finding")}.`
      : `${doubts.length === 0 ? "Whole" : "Nothing wrong was found, and there is no telling whether it is whole"}: ${counted(events, "decision")} of ${counted(tasks, "task")} in ${seconds.toFixed(1)} s.`,
    ...doubts.map((doubt) => `? ${doubt}`),
    ...findings.map(findingText),
    ...(untold > 0 ? [`… and ${untold} more.`] : []),
    upTo,
    ...gone,
    ...(headsCompared === 0
      ? [
          "No exported checkpoint was compared: give those that were kept elsewhere with --heads, or whoever holds the database could have cut its end off.",
        ]
      : []),
    ...(publicKey === undefined
      ? [
          "The key is the data folder's own: give one that was kept elsewhere with --public-key, or whoever holds both could have signed anew.",
        ]
      : []),
  ].join("\n");
}

function findingText({ kind, taskId, seq, message }: Finding): string {
  const where = taskId === null ? "" : seq === null ? ` task ${taskId}:` : ` task ${taskId}, decision ${seq}:`;
  return `✖ ${kind}${where === "" ? ":" : where} ${message}`;
}
