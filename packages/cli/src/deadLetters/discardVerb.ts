import { userInfo } from "node:os";
import { discardLetters, forecastDiscard } from "@signalbox/db/prisma";
import { confirmBulk, DiscardOrder } from "@signalbox/model";
import { EXIT } from "../commandLine/exitCode.ts";
import type { Act } from "../commandLine/verb.ts";
import { loadConfig } from "../config.ts";
import { parseArguments } from "../projects/parseArguments.ts";
import { openStateStore } from "../projects/stateStore.ts";
import type { DiscardFlags } from "./discardOptions.ts";
import { obstructedText } from "./forecastText.ts";
import { letterSelection } from "./letterSelection.ts";
import { typedConfirmation } from "./typedConfirmation.ts";

/** `signalbox dlq discard [ids...]`. */
export const dlqDiscard: Act<DiscardFlags> = async ({ output, env, args, flags }) => {
  const isDryRun = flags.dryRun === true;
  const { confirmation, ...order } = parseArguments(DiscardOrder, {
    ...{ project: flags.project, selection: letterSelection(args, flags, Date.now()), confirmation: flags.yes },
    reason: isDryRun ? "a dry run" : flags.reason,
  });
  await using store = openStateStore(loadConfig(env, { dataDir: flags.dataDir, portOffset: flags.portOffset }));
  const forecast = await forecastDiscard(store, order);
  const typed = isDryRun ? undefined : await typedConfirmation(output, confirmation, forecast.discarded, "discard");
  const act = { ...order, actor: userInfo().username };
  const answer = isDryRun ? forecast : await discardLetters(store, act, { now: new Date(), confirm: confirmBulk(typed, null) });
  output.result({ dryRun: isDryRun, ...answer }, () =>
    [`${answer.discarded} dead letters ${isDryRun ? "would be" : "are"} discarded.`, ...obstructedText(answer.obstructed)].join("\n"),
  );
  return EXIT.pass;
};
