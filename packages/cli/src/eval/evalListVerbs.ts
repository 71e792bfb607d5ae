import { listEvalRuns } from "@signalbox/db/evalRuns";
import { SCORERS } from "@signalbox/evals";
import { shownRun } from "@signalbox/model";
import { EXIT } from "../commandLine/exitCode.ts";
import { textTable } from "../commandLine/textTable.ts";
import type { Act } from "../commandLine/verb.ts";
import { loadConfig } from "../config.ts";
import { openStateStore } from "../projects/stateStore.ts";
import { evalText, readEvalReport } from "./evalReport.ts";

const ROWS_MAX = 200;

/** `signalbox eval list` */
export const evalList: Act<{ project: string }> = async ({ output, env, flags }) => {
  await using store = openStateStore(loadConfig(env, flags));
  const runs = (await listEvalRuns(store, flags.project, ROWS_MAX)).map(shownRun);
  output.result({ runs }, () =>
    runs.length === 0
      ? `Project ${flags.project} has no eval run.`
      : textTable([
          ["began", "name", "dataset", "target", "tries", "failed", "state", "id"],
          ...runs.map(({ createdAt, name, dataset, target, finished, items, trials, failed, endedAt, id }) => [
            ...[createdAt.slice(0, 16).replace("T", " "), name, dataset, target],
            ...[`${finished}/${items * trials}`, String(failed), endedAt === null ? "open" : "ended", id],
          ]),
        ]),
  );
  return EXIT.pass;
};

/** `signalbox eval show <run>` */
export const evalShow: Act<{ project: string }> = async ({ output, env, args: [run = ""], flags }) => {
  await using store = openStateStore(loadConfig(env, flags));
  const report = await readEvalReport(store, flags.project, run);
  output.result(report, () => evalText(report));
  return EXIT.pass;
};

/** `signalbox eval scorers` */
export const evalScorers: Act = async ({ output }) => {
  const scorers = SCORERS.map(({ name, summary, needs }) => ({ name, summary, needs }));
  output.result({ scorers }, () =>
    textTable([["scorer", "judges", "needs"], ...scorers.map(({ name, summary, needs }) => [name, summary, needs ?? ""])]),
  );
  return EXIT.pass;
};
