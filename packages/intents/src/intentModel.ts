import { softmax } from "./calibration/temperature.ts";
import { type FeatureSpace, vectoriser } from "./features/featureSpace.ts";
import { bestClass, type LinearClassifier, scoreClasses } from "./linear/linearClassifier.ts";

/** The origin of a model. */
export interface Provenance {
  /** SHA-256 of the rows on which it was trained and calibrated. */
  dataSha256: string;
  seed: number;
  rows: { training: number; trainingOutOfScope: number; validation: number; validationOutOfScope: number };
  /**
   * `given`: validation rows came with the data. `held_out`: a tenth of the
   * training rows was held out, and the model then trained again on all of them.
   */
  validation: "given" | "held_out";
  /** The target of the threshold: the share of out-of-scope rows that is refused, or, where there were none, of all validation rows. */
  refused: { of: "out_of_scope" | "in_scope"; share: number };
}

/** A classifier of intents. `labels` names its classes, in order. */
export interface IntentModel {
  labels: readonly string[];
  space: FeatureSpace;
  classifier: LinearClassifier;
  temperature: number;
  /** The confidence, in [0, 1], below which it abstains. */
  threshold: number;
  provenance: Provenance;
}

/**
 * The classified intent of a text. `confidence` is the probability that `intent` is
 * right; below the threshold the model abstains, and `intent` is its best guess.
 */
export interface Classification {
  intent: string;
  confidence: number;
  abstained: boolean;
}

/** Opens a model for use. Opening costs more than many texts: keep it. */
export function openIntentModel({ labels, space, classifier, temperature, threshold }: IntentModel): (text: string) => Classification {
  const vectorise = vectoriser(space);
  return (text) => {
    const scores = scoreClasses(classifier, vectorise(text));
    const best = bestClass(scores);
    const confidence = softmax(scores, temperature)[best] as number;
    return { intent: labels[best] as string, confidence, abstained: confidence < threshold };
  };
}
