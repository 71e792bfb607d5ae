import { userInfo } from "node:os";
import { listJudgeCalibrations } from "@signalbox/db/annotations";
import { listScoreRules, type PrismaClient, startRollout, storeNow } from "@signalbox/db/prisma";
import { resolveJudges } from "@signalbox/evals";
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

/** An upper bound: more rules than a project has. */
const RULES_MAX = 1_000;

/** An order as it will be started: a metric whose judge falls short of the policy is demoted to a signal, and the log says so. */
async function resolved(store: PrismaClient, order: RolloutOrder): Promise<{ order: RolloutOrder; held: readonly string[] }> {
  const [rules, records] = await Promise.all([
    listScoreRules(store, order.project, RULES_MAX),
    listJudgeCalibrations(store, order.project),
  ]);
  const { policy, held } = resolveJudges(
    order.policy,
    rules.filter(({ enabled }) => enabled),
    records,
  );
  if (held.length === 0) return { order, held };
  const reason = [order.reason, ...held].filter((part) => part !== undefined).join(" ");
  return { order: { ...order, policy, reason }, held };
}

/** `signalbox rollout start`: 0 once it has begun; with `--wait` the code of its end. */
export const rolloutStart: Act<StartFlags> = async ({ output, env, flags }) => {
  const { project, candidate, stable, reason, replace = false, wait } = flags;
  if (replace && reason === undefined)
    throw new AppError("invalid_input", "--replace ends a rollout that is under way: say why, with --reason.");
  const policy = requirePolicy(flags.policy);
  const why = reason === undefined ? {} : { reason };
  const asked = parseArguments(RolloutOrder, {
    ...{ project, policy, candidate, ...why },
    ...(stable === undefined ? {} : { stable }),
    ...(replace ? { replace: why } : {}),
  });
  await using store = openStateStore(loadConfig(env, flags));
  const { order, held } = await resolved(store, asked);
  for (const sentence of held) output.note(sentence);
  const rollout = await startRollout(store, order, { actor: userInfo().username, now: await storeNow(store) });
  if (wait === undefined) {
    output.result({ rollout }, () => `${headText(rollout)}\nFollow it: ./signalbox rollout status ${rollout.id} --watch`);
    return EXIT.pass;
  }
  output.note(headText(rollout));
  const view = await followRollout(store, rollout.id, { note: (line) => output.note(line), seconds: wait });
  output.result(view, () => viewText(view));
  return exitCodeOf(view.rollout);
};
