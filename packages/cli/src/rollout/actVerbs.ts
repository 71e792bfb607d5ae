import { userInfo } from "node:os";
import { actOnRollout } from "@signalbox/api";
import { storeNow } from "@signalbox/db/prisma";
import { ExpectedRollout, RolloutAct, type RolloutVerb } from "@signalbox/model";
import { z } from "zod";
import { EXIT } from "../commandLine/exitCode.ts";
import type { Act } from "../commandLine/verb.ts";
import { loadConfig } from "../config.ts";
import { parseArguments } from "../projects/parseArguments.ts";
import { openStateStore } from "../projects/stateStore.ts";
import { headText } from "./rolloutText.ts";

const Asked = RolloutAct.extend({
  id: z.uuid("it is the id of a rollout, which `rollout list` shows"),
  expected: ExpectedRollout,
});

/** `signalbox rollout pause|resume|approve|promote|abort|retry ID`. */
export function rolloutAct(act: RolloutVerb): Act<{ reason: string; atStep?: number }> {
  return async ({ output, env, args, flags }) => {
    const expected = flags.atStep === undefined ? {} : { step: flags.atStep - 1 };
    const { id, reason } = parseArguments(Asked, { id: args[0], act, reason: flags.reason, expected });
    await using store = openStateStore(loadConfig(env, flags));
    const who = { actor: userInfo().username, now: await storeNow(store) };
    const { rollout, held } = await actOnRollout(store, id, { act, reason, expected }, who);
    for (const sentence of held) output.note(sentence);
    output.result({ rollout }, () => headText(rollout));
    return EXIT.pass;
  };
}
