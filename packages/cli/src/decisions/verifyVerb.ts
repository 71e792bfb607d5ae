import { estimateDecisions, type VerifiedLog, verifyDecisionLog } from "@signalbox/db/decisionLog";
import { AppError, type Finding } from "@signalbox/model";
import { z } from "zod";
import { EXIT } from "../commandLine/exitCode.ts";
import { startProgress } from "../commandLine/progress.ts";
import type { Act } from "../commandLine/verb.ts";
import { loadConfig } from "../config.ts";
import { runningStores } from "../supervisor/runningStores.ts";
import { trustedKeys } from "./checkpointKeys.ts";
import { readHeads } from "./headsFile.ts";

/** What `signalbox decisions verify` may be told. */
interface VerifyFlags {
  task?: string;
  since?: string;
  publicKey?: string;
  heads?: string;
}

/** `signalbox decisions verify`: 0 when nothing is wrong, 1 when something is. */
export const decisionsVerify: Act<VerifyFlags> = async ({ output, env, flags: { task, since, publicKey, heads, ...flags } }) => {
  const config = loadConfig(env, flags);
  const verification = {
    keys: trustedKeys(publicKey, env, config.dataDir),
    heads: heads === undefined ? new Map<number, string>() : readHeads(heads),
    taskId: task === undefined ? undefined : taskIdOf(task),
    since: since === undefined ? undefined : sinceOf(since),
  };
  const { DATABASE_URL: databaseUrl } = runningStores(config, "DATABASE_URL");
  const bar = startProgress(output, "Decisions", await estimateDecisions(databaseUrl));
  const verified = await verifyDecisionLog(databaseUrl, { ...verification, progress: bar.update }).finally(() => bar.stop());
  const isWhole = verified.findingsTotal === 0;
  const eventsPerSecond = Math.round(verified.events / verified.seconds);
  output.result({ whole: isWhole, ownKey: publicKey === undefined, ...verified, eventsPerSecond }, () => verifyText(verified, publicKey));
  return isWhole ? EXIT.pass : EXIT.failed;
};

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
  publicKey?: string,
): string {
  const count = (number: number, noun: string): string => `${number.toLocaleString("en-US")} ${noun}${number === 1 ? "" : "s"}`;
  const upTo =
    last === null
      ? "There is no checkpoint yet: chains alone were checked."
      : `Checkpoint ${last.number} of ${last.time} covers ${count(events - eventsAfter, "decision")}; ${eventsAfter.toLocaleString("en-US")} came after it.`;
  const gone = erasures.map(
    ({ id, kind, project, actor, begunAt, entries, signed }) =>
      `Erased on record: ${count(entries, "entry").replace("entrys", "entries")} of a ${kind} of project ${project}, by ${actor}, ${begunAt} (erasure ${id})${signed < entries ? "; the next checkpoint signs it" : ""}.`,
  );
  const untold = findingsTotal - findings.length;
  return [
    findingsTotal === 0
      ? `Whole: ${count(events, "decision")} of ${count(tasks, "task")} in ${seconds.toFixed(1)} s.`
      : `Broken: ${count(findingsTotal, "finding")}.`,
    ...findings.map(findingText),
    ...(untold > 0 ? [`… and ${untold} more.`] : []),
    upTo,
    ...gone,
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
