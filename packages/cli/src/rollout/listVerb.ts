import { listRollouts } from "@signalbox/db/prisma";
import { weightOf } from "@signalbox/model";
import { EXIT } from "../commandLine/exitCode.ts";
import { textTable } from "../commandLine/textTable.ts";
import type { Act } from "../commandLine/verb.ts";
import { loadConfig } from "../config.ts";
import { openStateStore } from "../projects/stateStore.ts";
import { minuteText, PHASES } from "./rolloutText.ts";

/** `signalbox rollout list`. */
export const rolloutList: Act<{ project?: string; limit: number }> = async ({ output, env, flags: { project, limit, ...flags } }) => {
  await using store = openStateStore(loadConfig(env, flags));
  const { rollouts } = await listRollouts(store, { project, limit });
  output.result({ rollouts }, () => {
    if (rollouts.length === 0) return "There was no rollout yet: ./signalbox rollout start begins one.";
    const rows = rollouts.map((rollout) => {
      const { id, startedAt, gate, candidate, phase } = rollout;
      return [id, minuteText(startedAt), rollout.project, gate, candidate, PHASES[phase], `${weightOf(rollout)} %`];
    });
    return textTable([["rollout", "started (UTC)", "project", "gate", "candidate", "is", "weight"], ...rows]);
  });
  return EXIT.pass;
};
