import { type ListedRollout, listRollouts } from "@signalbox/db/prisma";
import { EXIT } from "../commandLine/exitCode.ts";
import { textTable } from "../commandLine/textTable.ts";
import type { Act } from "../commandLine/verb.ts";
import { loadConfig } from "../config.ts";
import { openStateStore } from "../projects/stateStore.ts";
import { minuteText, standingText } from "./rolloutText.ts";

/** The settled units of the candidate and of the stable version, by the last look. */
const unitsText = (units: ListedRollout["units"]): string =>
  units === null ? "not looked at yet" : `${units.candidate} / ${units.stable}`;

/** `signalbox rollout list`. */
export const rolloutList: Act<{ project?: string; limit: number }> = async ({ output, env, flags: { project, limit, ...flags } }) => {
  await using store = openStateStore(loadConfig(env, flags));
  const { rollouts } = await listRollouts(store, { project, limit });
  output.result({ rollouts }, () => {
    if (rollouts.length === 0) return "There was no rollout yet: ./signalbox rollout start begins one.";
    const rows = rollouts.map((rollout) => {
      const { id, startedAt, endedAt, gate, stable, candidate, units } = rollout;
      const ended = endedAt === null ? "" : minuteText(endedAt);
      return [
        id,
        minuteText(startedAt),
        ended,
        rollout.project,
        gate,
        `${stable} to ${candidate}`,
        standingText(rollout),
        unitsText(units),
      ];
    });
    return textTable([["rollout", "started (UTC)", "ended (UTC)", "project", "gate", "versions", "is", "units"], ...rows]);
  });
  return EXIT.pass;
};
