import { userInfo } from "node:os";
import { countAtWork, countTasks, listQueuePauses, pauseQueue, type QueueAct, resumeQueue } from "@signalbox/db/prisma";
import { ActReason, ProjectName, type QueuePause } from "@signalbox/model";
import { z } from "zod";
import { EXIT } from "../commandLine/exitCode.ts";
import type { Act } from "../commandLine/verb.ts";
import { loadConfig } from "../config.ts";
import { parseArguments } from "../projects/parseArguments.ts";
import { openStateStore } from "../projects/stateStore.ts";
import { pausesText } from "./pausesText.ts";

type Flags = { project?: string; reason: string };

const Wanted = z.strictObject({ project: ProjectName.nullable(), reason: ActReason });

function actOf({ project, reason }: Flags): QueueAct {
  return { ...parseArguments(Wanted, { project: project ?? null, reason }), actor: userInfo().username, now: new Date() };
}

const whose = ({ project }: Pick<QueuePause, "project">): string => (project === null ? "of all projects" : `of project ${project}`);

/** `signalbox queue status` */
export const queueStatus: Act = async ({ output, env, flags }) => {
  await using store = openStateStore(loadConfig(env, flags));
  const [paused, tasks, atWork] = [await listQueuePauses(store), await countTasks(store), await countAtWork(store)];
  const waiting = tasks.queued + tasks.running - atWork;
  output.result({ paused, tasks, atWork }, () => `${pausesText(paused)}\n\n${waiting} tasks wait, ${atWork} are at work.`);
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
