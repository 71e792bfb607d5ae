export { type ExplainedEntry, type ExplainedRollout, explainRollout } from "./explainRollout.ts";
export { type ExplainedVerdict, explainVerdict } from "./explainVerdict.ts";
export { otherReckoningText } from "./otherReckoning.ts";
export { asKept } from "./plainDifference.ts";
export { type BundleFinding, type CheckedBundle, verifyBundle } from "./verifyBundle.ts";
