export { type Folder, readTauBench, type TauBench } from "./readTauBench.ts";
export { type Recorded, type RecordedConversation, recordedConversation } from "./recordedConversation.ts";
export { renameStateToProvince } from "./renameStateToProvince.ts";
