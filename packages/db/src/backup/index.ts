export { type BackupStores, backUp, type FileProgress, openBackup, restoreBackup } from "./backup.ts";
export { archiveFiles, type Manifest } from "./manifest.ts";
