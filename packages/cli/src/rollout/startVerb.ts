import { userInfo } from "node:os";
import { beginRollout } from "@signalbox/api";
import { storeNow } from "@signalbox/db/prisma";
import { AppError, RolloutOrder } from "@signalbox/model";
import { EXIT } from "../commandLine/exitCode.ts";
import type { Act } from "../commandLine/verb.ts";
import { loadConfig } from "../config.ts";
import { requirePolicy } from "../gate/policyFile.ts";
import { parseArguments } from "../projects/parseArguments.ts";
import { openStateStore } from "../projects/stateStore.ts";
import { exitCodeOf, followRollout } from "./followRollout.ts";
import { headText, viewText } from "./rolloutText.ts";

interface StartFlags {
  policy: string;
  candidate: string;
  stable?: string;
  project: string;
  replace?: boolean;
  reason?: string;
  wait?: number;
}

/** `signalbox rollout start`: 0 once it has begun, or with `--wait` how it ended. */
export const rolloutStart: Act<StartFlags> = async ({ output, env, flags }) => {
  const { project, candidate, stable, reason, replace = false, wait } = flags;
  if (replace && reason === undefined)
    throw new AppError("invalid_input", "--replace ends a rollout that is under way: say why, with --reason.");
  const policy = requirePolicy(flags.policy);
  const why = reason === undefined ? {} : { reason };
  const order = parseArguments(RolloutOrder, {
    ...{ project, policy, candidate, ...why },
    ...(stable === undefined ? {} : { stable }),
    ...(replace ? { replace: why } : {}),
  });
  await using store = openStateStore(loadConfig(env, flags));
  const { rollout, held } = await beginRollout(store, order, { actor: userInfo().username, now: await storeNow(store) });
  for (const sentence of held) output.note(sentence);
  if (wait === undefined) {
    output.result({ rollout }, () => `${headText(rollout)}\nFollow it: ./signalbox rollout status ${rollout.id} --watch`);
    return EXIT.pass;
  }
  output.note(headText(rollout));
  const view = await followRollout(store, rollout.id, { note: (line) => output.note(line), seconds: wait });
  output.result(view, () => viewText(view));
  return exitCodeOf(view.rollout);
};
