export type { DatasetFile } from "./datasetFile.ts";
export { DATASET_FORMATS } from "./dialects/dialects.ts";
export { type DatasetFileItems, type FileChoice, readDatasetFile } from "./readDatasetFile.ts";
export { DATASET_FILE_KINDS } from "./rows/rowsOf.ts";
export { tauBenchItems } from "./tauBenchItems.ts";
export { writeDatasetFile } from "./writeDatasetFile.ts";
