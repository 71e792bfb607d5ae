import { userInfo } from "node:os";
import { countTasks, listQueuePauses, pauseQueue, type QueueAct, resumeQueue } from "@signalbox/db/prisma";
import { ActReason, ProjectName, type QueuePause } from "@signalbox/model";
import { z } from "zod";
import { EXIT } from "../commandLine/exitCode.ts";
import { textTable } from "../commandLine/textTable.ts";
import type { Act } from "../commandLine/verb.ts";
import { loadConfig } from "../config.ts";
import { parseArguments } from "../projects/parseArguments.ts";
import { openStateStore } from "../projects/stateStore.ts";

type Flags = { project?: string; reason: string };

const Wanted = z.strictObject({ project: ProjectName.nullable(), reason: ActReason });

function actOf({ project, reason }: Flags): QueueAct {
  return { ...parseArguments(Wanted, { project: project ?? null, reason }), actor: userInfo().username, now: new Date() };
}

const whose = ({ project }: Pick<QueuePause, "project">): string => (project === null ? "of all projects" : `of project ${project}`);

/** Which queues are paused, in words. */
export function pausesText(pauses: readonly QueuePause[]): string {
  if (pauses.length === 0) return "No queue is paused.";
  const rows = pauses.map((pause) => [pause.project ?? "all projects", pause.actor, pause.pausedAt, pause.reason]);
  return textTable([["paused", "by", "since", "why"], ...rows]);
}

/** `signalbox queue status` */
export const queueStatus: Act = async ({ output, env, flags }) => {
  await using store = openStateStore(loadConfig(env, flags));
  const [paused, tasks] = [await listQueuePauses(store), await countTasks(store)];
  output.result({ paused, tasks }, () => `${pausesText(paused)}\n\n${tasks.queued} tasks wait, ${tasks.running} are at work.`);
  return EXIT.pass;
};

/** `signalbox queue pause` */
export const queuePause: Act<Flags> = async ({ output, env, flags }) => {
  const act = actOf(flags);
  await using store = openStateStore(loadConfig(env, flags));
  const pause = await pauseQueue(store, act);
  output.result({ pause }, () => `The queue ${whose(pause)} is paused. What workers have in hand goes on.`);
  return EXIT.pass;
};

/** `signalbox queue resume` */
export const queueResume: Act<Flags> = async ({ output, env, flags }) => {
  const act = actOf(flags);
  await using store = openStateStore(loadConfig(env, flags));
  await resumeQueue(store, act);
  const [still] = act.project === null ? [] : await listQueuePauses(store, { project: act.project });
  const rest = still === undefined ? "" : ` But the queue of all projects is paused, by ${still.actor}: ${still.reason}.`;
  output.result({ resumed: { project: act.project }, paused: still ?? null }, () => `The queue ${whose(act)} goes on.${rest}`);
  return EXIT.pass;
};
