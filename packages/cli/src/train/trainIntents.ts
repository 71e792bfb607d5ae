import { setImmediate as yieldToEvents } from "node:timers/promises";
import { type Example, type IntentModel, keepModel, MODEL_NAME, modelFolder, trainIntentModel } from "@signalbox/intents";
import { AppError } from "@signalbox/model";
import type { CommandOutput } from "../commandLine/commandOutput.ts";
import { EXIT } from "../commandLine/exitCode.ts";
import { type Progress, startProgress } from "../commandLine/progress.ts";
import type { Act } from "../commandLine/verb.ts";
import { loadConfig } from "../config.ts";
import { type IntentData, nameOf, readIntentData, readIntentFile } from "./intentFiles.ts";
import { testModel } from "./testModel.ts";
import { type TrainReport, trainText } from "./trainReport.ts";

/** The flags of `signalbox train intents`. */
interface TrainFlags {
  name?: string;
  seed: number;
  outOfScopeIntent: string;
  refuse: number;
  test?: string[];
}

/** `signalbox train intents`: 0 when the model is stored. */
export const trainIntents: Act<TrainFlags> = async ({ output, env, args, flags }) => {
  const path = args[0] ?? "";
  const name = checkedName(flags.name ?? nameOf(path));
  const folder = modelFolder(loadConfig(env, flags).dataDir);
  // Everything is read before the training starts, so that a mistake in the last file shows at once.
  const data = await readIntentData(path, flags.outOfScopeIntent);
  const tests = await Promise.all((flags.test ?? []).map((file) => readIntentFile(file, flags.outOfScopeIntent)));

  const startedAt = performance.now();
  const model = await train(data, flags, output);
  const trainingMs = Math.round(performance.now() - startedAt);
  const kept = await keepModel(folder, name, model);
  const report: TrainReport = { ...kept, ...summaryOf(model), trainingMs, test: testReport(model, tests.flat(), data) };
  output.result(report, () => trainText(report));
  return EXIT.pass;
};

function checkedName(name: string): string {
  if (MODEL_NAME.test(name)) return name;
  throw new AppError("invalid_input", `"${name}" is no name of a model.`, {
    hint: "It has up to 64 small letters, digits, hyphens, dots and underscores, a letter or digit first.",
  });
}

async function train({ training, validation }: IntentData, { seed, refuse }: TrainFlags, output: CommandOutput): Promise<IntentModel> {
  let progress: Progress | undefined;
  const onProgress = async (done: number, total: number): Promise<void> => {
    progress ??= startProgress(output, "Training, planes", total);
    progress.update(done);
    // Training never waits for anything, so without this the bar could not move.
    await yieldToEvents();
  };
  try {
    return await trainIntentModel({ training, validation, outOfScopeRefused: refuse, seed, onProgress });
  } finally {
    progress?.stop();
  }
}

function summaryOf({ labels, temperature, threshold, provenance }: IntentModel) {
  return { ...provenance, intents: labels.length, temperature, threshold };
}

function testReport(model: IntentModel, rows: readonly Example[], { training, validation }: IntentData): TrainReport["test"] {
  return rows.length === 0 ? null : testModel(model, rows, [...training, ...validation]);
}
