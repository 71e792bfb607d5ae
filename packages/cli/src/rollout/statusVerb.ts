import { readRolloutView } from "@signalbox/api";
import { listRollouts, type PrismaClient } from "@signalbox/db/prisma";
import { AppError, ProjectName } from "@signalbox/model";
import { z } from "zod";
import type { Act } from "../commandLine/verb.ts";
import { loadConfig } from "../config.ts";
import { parseArguments } from "../projects/parseArguments.ts";
import { openStateStore } from "../projects/stateStore.ts";
import { exitCodeOf, followRollout } from "./followRollout.ts";
import { viewText } from "./rolloutText.ts";

interface StatusFlags {
  project: string;
  watch?: boolean;
  wait?: number;
}

const Asked = z.object({ id: z.uuid("it is the id of a rollout, which `rollout list` shows").optional(), project: ProjectName });

/** The id of a project's latest rollout. */
async function latestOf(store: PrismaClient, project: string): Promise<string> {
  const { rollouts } = await listRollouts(store, { project, limit: 1 });
  const [latest] = rollouts;
  if (latest === undefined)
    throw new AppError("not_found", `Project ${project} has had no rollout.`, { hint: "`./signalbox rollout start` begins one." });
  return latest.id;
}

/** `signalbox rollout status [ID]`: 0 for one that was promoted, 1 rolled back or aborted, 3 under way. */
export const rolloutStatus: Act<StatusFlags> = async ({ output, env, args, flags }) => {
  const { id, project } = parseArguments(Asked, { id: args[0], project: flags.project });
  await using store = openStateStore(loadConfig(env, flags));
  const meant = id ?? (await latestOf(store, project));
  const isFollowed = flags.watch === true || flags.wait !== undefined;
  const view = isFollowed
    ? await followRollout(store, meant, { note: (line) => output.note(line), seconds: flags.wait })
    : await readRolloutView(store, meant);
  output.result(view, () => viewText(view));
  return exitCodeOf(view.rollout);
};
