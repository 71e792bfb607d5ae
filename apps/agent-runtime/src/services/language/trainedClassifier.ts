import { loadModel, modelFolder, openIntentModel } from "@signalbox/intents";
import { type IntentClassifier, roundShare } from "./intentClassifier.ts";

/** Opens a model that `signalbox train intents` kept in this data folder. Throws when it is not there, or not what its version says. */
export async function openTrainedClassifier(dataDir: string, version: string): Promise<IntentClassifier> {
  const classify = openIntentModel(await loadModel(modelFolder(dataDir), version));
  return {
    classify: async ({ message }) => {
      const guess = classify(message);
      return { ...guess, confidence: roundShare(guess.confidence), basis: "calibrated", intentModel: version };
    },
  };
}
