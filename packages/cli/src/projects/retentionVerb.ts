import { KEPT_REPLAYS_MAX, setRetention } from "@signalbox/db/prisma";
import { AppError, ProjectName } from "@signalbox/model";
import { z } from "zod";
import { EXIT } from "../commandLine/exitCode.ts";
import type { Act } from "../commandLine/verb.ts";
import { loadConfig } from "../config.ts";
import { parseArguments } from "./parseArguments.ts";
import { openStateStore } from "./stateStore.ts";

/** The flags of `signalbox project retention`. */
interface RetentionFlags {
  days?: number;
  forEver?: boolean;
}

/** `signalbox project retention <name>`; `project list` shows the result. */
export const projectRetention: Act<RetentionFlags> = async ({ output, env, args: [name], flags: { days, forEver, ...flags } }) => {
  const { project } = parseArguments(z.object({ project: ProjectName }), { project: name });
  if ((days === undefined) === (forEver !== true))
    throw new AppError("invalid_input", "Say for how long.", {
      hint: "Give --days or --for-ever; ./signalbox project list shows what holds.",
    });
  await using store = openStateStore(loadConfig(env, flags));
  await setRetention(store, project, days ?? null);
  output.result({ project, retentionDays: days ?? null }, () =>
    days === undefined
      ? `The telemetry of ${project} is kept for ever, and so are its dead letters; of its replays the latest ${KEPT_REPLAYS_MAX.toLocaleString("en-US")} are.`
      : `The telemetry of ${project} is kept for ${days} days, and so are its settled dead letters and ended replays; what is older goes within minutes, for good. Open letters stay.`,
  );
  return EXIT.pass;
};
