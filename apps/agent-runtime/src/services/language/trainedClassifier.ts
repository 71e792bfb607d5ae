import { loadModel, modelFolder, openIntentModel } from "@signalbox/intents";
import { type IntentClassifier, roundShare } from "./intentClassifier.ts";

/** Opens a model that `signalbox train intents` stored in this data folder. Throws if it is missing, or does not match its version. */
export async function openTrainedClassifier(dataDir: string, version: string): Promise<IntentClassifier> {
  const classify = openIntentModel(await loadModel(modelFolder(dataDir), version));
  return {
    classify: async ({ message }) => {
      const guess = classify(message);
      return { ...guess, confidence: roundShare(guess.confidence), basis: "calibrated", intentModel: version };
    },
  };
}
