import { userInfo } from "node:os";
import { cancelReplays } from "@signalbox/db/prisma";
import { ActReason, ProjectName } from "@signalbox/model";
import { z } from "zod";
import { EXIT } from "../commandLine/exitCode.ts";
import type { Act } from "../commandLine/verb.ts";
import { loadConfig } from "../config.ts";
import { parseArguments } from "../projects/parseArguments.ts";
import { openStateStore } from "../projects/stateStore.ts";

const Wanted = z.strictObject({
  id: z.uuid("it is the id of a replay, or of replays that were asked for together"),
  project: ProjectName,
  reason: ActReason,
});

/** `signalbox replay cancel ID` */
export const replayCancel: Act<{ project: string; reason: string }> = async ({ output, env, args, flags }) => {
  const wanted = parseArguments(Wanted, { id: args[0], project: flags.project, reason: flags.reason });
  await using store = openStateStore(loadConfig(env, { dataDir: flags.dataDir, portOffset: flags.portOffset }));
  const cancelled = await cancelReplays(store, { ...wanted, actor: userInfo().username, now: new Date() });
  output.result({ cancelled }, () => (cancelled === 1 ? "One replay is cancelled." : `${cancelled} replays are cancelled.`));
  return EXIT.pass;
};
