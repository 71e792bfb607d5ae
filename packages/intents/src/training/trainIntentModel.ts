import { AppError } from "@signalbox/model";
import { fitTemperature, softmax } from "../calibration/temperature.ts";
import { thresholdAbove } from "../calibration/threshold.ts";
import { countFeatures, type FeatureSpace, fitFeatureSpace, vectoriser } from "../features/featureSpace.ts";
import { stackRows } from "../features/sparseRows.ts";
import type { IntentModel, Provenance } from "../intentModel.ts";
import { bestClass, type LinearClassifier, scoreClasses } from "../linear/linearClassifier.ts";
import { NO_CLASS, trainOneVersusRest } from "../linear/trainOneVersusRest.ts";
import { hashExamples } from "./hashExamples.ts";
import { type Example, holdOut } from "./holdOut.ts";

/** Without out-of-scope rows for choosing the threshold, it refuses the least sure tenth of the validation rows. */
const LEAST_SURE_SHARE = 0.1;

/** The data and parameters of a training. */
export interface Training {
  training: readonly Example[];
  /** Rows used for calibration only. Without any, a tenth of the training rows is held out for it. */
  validation: readonly Example[];
  /** The share of out-of-scope validation rows that the threshold must refuse, from 0 to 1. */
  outOfScopeRefused: number;
  /** A whole number: the same rows and seed give the same model. */
  seed: number;
  /** Called after each of `total` planes is trained, and awaited. */
  onProgress: (done: number, total: number) => Promise<void>;
}

/** A model before it is calibrated. */
interface Fit {
  space: FeatureSpace;
  classifier: LinearClassifier;
}

function intentsOf(examples: readonly Example[]): string[] {
  return [...new Set(examples.flatMap(({ intent }) => intent ?? []))].sort();
}

async function fit(examples: readonly Example[], labels: readonly string[], seed: number, onClass: () => Promise<void>): Promise<Fit> {
  const space = fitFeatureSpace(examples.map(({ text }) => text));
  const vectorise = vectoriser(space);
  const rows = stackRows(
    examples.map(({ text }) => vectorise(text)),
    countFeatures(space),
  );
  const classes = Int32Array.from(examples, ({ intent }) => (intent === null ? NO_CLASS : labels.indexOf(intent)));
  return { space, classifier: await trainOneVersusRest(rows, classes, labels.length, { seed, onClass }) };
}

/** Chooses the temperature and the threshold on rows that the fit has not seen. */
function calibrate(
  { space, classifier }: Fit,
  labels: readonly string[],
  validation: readonly Example[],
  outOfScopeRefused: number,
): Pick<IntentModel, "temperature" | "threshold"> & Pick<Provenance, "refused"> {
  const vectorise = vectoriser(space);
  const scored = validation.map(({ text, intent }) => ({
    scores: scoreClasses(classifier, vectorise(text)),
    label: intent === null ? NO_CLASS : labels.indexOf(intent),
  }));
  const inScope = scored.filter(({ label }) => label !== NO_CLASS);
  const outOfScope = scored.filter(({ label }) => label === NO_CLASS);
  const temperature = fitTemperature(inScope);
  const refused: Provenance["refused"] =
    outOfScope.length > 0 ? { of: "out_of_scope", share: outOfScopeRefused } : { of: "in_scope", share: LEAST_SURE_SHARE };
  const judged = outOfScope.length > 0 ? outOfScope : inScope;
  const confidences = judged.map(({ scores }) => softmax(scores, temperature)[bestClass(scores)] as number);
  return { temperature, threshold: thresholdAbove(confidences, refused.share), refused };
}

function checkIntents(labels: readonly string[], validation: readonly Example[]): void {
  if (labels.length < 2)
    throw new AppError("invalid_input", `The training rows name ${labels.length === 0 ? "no intent" : "one intent only"}.`, {
      hint: "A model tells two intents or more apart.",
    });
  const unknown = intentsOf(validation).find((intent) => !labels.includes(intent));
  if (unknown !== undefined)
    throw new AppError("invalid_input", `The validation rows name the intent "${unknown}", of which there is no training row.`);
}

const countOutOfScope = (examples: readonly Example[]): number => examples.filter(({ intent }) => intent === null).length;

/**
 * Trains a model and calibrates it on rows that it has not seen. If those were held out of the training rows, it is trained again
 * on all of them once temperature and threshold are fixed. Throws `invalid_input` for rows from which no model can be trained.
 */
export async function trainIntentModel({ training, validation, outOfScopeRefused, seed, onProgress }: Training): Promise<IntentModel> {
  const labels = intentsOf(training);
  checkIntents(labels, validation);
  const isGiven = intentsOf(validation).length > 0;
  const total = labels.length * (isGiven ? 1 : 2);
  let done = 0;
  const onClass = (): Promise<void> => {
    done += 1;
    return onProgress(done, total);
  };

  const { kept, heldOut } = isGiven ? { kept: training, heldOut: validation } : holdOut(training, seed);
  const calibrationRows = isGiven ? heldOut : [...heldOut, ...validation];
  if (intentsOf(calibrationRows).length === 0)
    throw new AppError("invalid_input", "No intent has two rows, so that none can be held out to calibrate on.");
  const first = await fit(kept, labels, seed, onClass);
  const { temperature, threshold, refused } = calibrate(first, labels, calibrationRows, outOfScopeRefused);
  const { space, classifier } = isGiven ? first : await fit(training, labels, seed, onClass);
  const provenance: Provenance = {
    dataSha256: hashExamples(training, validation),
    seed,
    rows: {
      training: training.length - countOutOfScope(training),
      trainingOutOfScope: countOutOfScope(training),
      validation: calibrationRows.length - countOutOfScope(calibrationRows),
      validationOutOfScope: countOutOfScope(calibrationRows),
    },
    validation: isGiven ? "given" : "held_out",
    refused,
  };
  return { labels, space, classifier, temperature, threshold, provenance };
}
