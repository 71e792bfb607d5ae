import { softmax } from "./calibration/temperature.ts";
import { type FeatureSpace, vectoriser } from "./features/featureSpace.ts";
import { bestClass, type LinearClassifier, scoreClasses } from "./linear/linearClassifier.ts";

/** What a model was made of. */
export interface Provenance {
  /** SHA-256 of the rows that it was trained and calibrated on. */
  dataSha256: string;
  seed: number;
  rows: { training: number; trainingOutOfScope: number; validation: number; validationOutOfScope: number };
  /**
   * `given`: validation rows came with the data. `held_out`: they were a tenth of
   * the training rows, and the model was trained again on all of them afterwards.
   */
  validation: "given" | "held_out";
  /**
   * What the threshold was chosen for: the share of out-of-scope rows that is refused, or, where there were none, of all validation rows.
   */
  refused: { of: "out_of_scope" | "in_scope"; share: number };
}

/** A model that tells what a text wants. `labels` names its classes, in their order. */
export interface IntentModel {
  labels: readonly string[];
  space: FeatureSpace;
  classifier: LinearClassifier;
  temperature: number;
  /** It abstains when it is less sure than this, in [0, 1]. */
  threshold: number;
  provenance: Provenance;
}

/**
 * What a text is taken to want. `confidence` is the probability that `intent` is
 * right; below the threshold the model abstains, and `intent` is its best guess.
 */
export interface Classification {
  intent: string;
  confidence: number;
  abstained: boolean;
}

/** Opens a model for use. Opening it takes longer than many texts: keep it. */
export function openIntentModel({ labels, space, classifier, temperature, threshold }: IntentModel): (text: string) => Classification {
  const vectorise = vectoriser(space);
  return (text) => {
    const scores = scoreClasses(classifier, vectorise(text));
    const best = bestClass(scores);
    const confidence = softmax(scores, temperature)[best] as number;
    return { intent: labels[best] as string, confidence, abstained: confidence < threshold };
  };
}
