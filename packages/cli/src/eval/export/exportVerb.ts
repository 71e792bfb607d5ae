import { requireEvalRun, streamEvalResults } from "@signalbox/db/evalRuns";
import { writeResultTable } from "@signalbox/evals";
import { AppError, type EvalResult } from "@signalbox/model";
import { EXIT } from "../../commandLine/exitCode.ts";
import { startProgress } from "../../commandLine/progress.ts";
import type { Act } from "../../commandLine/verb.ts";
import { writeWholeFile } from "../../commandLine/wholeFile.ts";
import { loadConfig } from "../../config.ts";
import { openStateStore } from "../../projects/stateStore.ts";
import { type ExportTarget, exportedText, openExport } from "./openExport.ts";

interface EvalExportFlags {
  project: string;
  to?: ExportTarget;
}

/** `signalbox eval export <run> [file]`: to a file, which is written completely or keeps its old content, or to another product. */
export const evalExport: Act<EvalExportFlags> = async ({ output, env, args: [name = "", path], flags }) => {
  if ((path === undefined) === (flags.to === undefined))
    throw new AppError("invalid_input", "Say where the run goes: a file, or --to langsmith.", {
      hint: `./signalbox eval export ${name} ${name}.csv`,
    });
  const exporter = flags.to === undefined ? undefined : openExport(flags.to, env);
  await using store = openStateStore(loadConfig(env, flags));
  const run = await requireEvalRun(store, flags.project, name);
  if (exporter !== undefined) {
    const exported = await exporter(store, run, output);
    output.result({ run, exported }, () => exportedText(exported));
    return EXIT.pass;
  }
  const file = path ?? "";
  const progress = startProgress(output, "Tries", run.finished);
  let tries = 0;
  async function* counted(): AsyncGenerator<EvalResult> {
    for await (const result of streamEvalResults(store, run.id)) {
      tries += 1;
      progress.update(tries);
      yield result;
    }
  }
  const scorers = run.scorers.map((scorer) => scorer.as ?? scorer.name);
  try {
    await writeWholeFile(file, writeResultTable(file, scorers, counted()));
  } finally {
    progress.stop();
  }
  output.result({ run, file, tries }, () => `${tries} tries of ${run.name} are in ${file}.`);
  return EXIT.pass;
};
