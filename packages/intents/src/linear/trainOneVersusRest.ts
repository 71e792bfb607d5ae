import { mulberry32 } from "@signalbox/model";
import type { SparseRows } from "../features/sparseRows.ts";
import type { LinearClassifier } from "./linearClassifier.ts";
import { type SvmSettings, trainLinearSvm } from "./linearSvm.ts";

/** The class of a row that belongs to none: it counts against all of them. */
export const NO_CLASS = -1;

/** The parameters of each plane; the cost was chosen on validation rows (docs/adr/014-intents-by-a-linear-model.md). */
const SVM: SvmSettings = { cost: 0.7, tolerance: 0.1, passesMax: 20 };

/** Trains a support vector machine for each class against all other rows. `onClass` is awaited after each, to give other work a turn. */
export async function trainOneVersusRest(
  rows: SparseRows,
  classes: Int32Array,
  classCount: number,
  { seed, onClass }: { seed: number; onClass: () => Promise<void> },
): Promise<LinearClassifier> {
  const weights = new Float32Array(rows.featureCount * classCount);
  for (let label = 0; label < classCount; label += 1) {
    const signs = Int8Array.from(classes, (own) => (own === label ? 1 : -1));
    const plane = trainLinearSvm(rows, signs, SVM, mulberry32(seed + label));
    for (const [feature, weight] of plane.entries()) weights[feature * classCount + label] = weight;
    await onClass();
  }
  return { classCount, weights };
}
