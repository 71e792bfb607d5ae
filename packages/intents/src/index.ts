export { wordsOf } from "./features/ngrams.ts";
export { type Classification, type IntentModel, openIntentModel, type Provenance } from "./intentModel.ts";
export { type KeptModel, keepModel, loadModel, MODEL_NAME, modelFolder } from "./modelFile/modelFolder.ts";
export type { Example } from "./training/holdOut.ts";
export { trainIntentModel } from "./training/trainIntentModel.ts";
