export * from "./clickhouse/index.ts";
export { type Credentials, loadCredentials } from "./credentials.ts";
export { dataFolderUnusable } from "./dataFolderFailure.ts";
export { keptSecret } from "./keptSecret.ts";
export { makeFolder } from "./makeFolder.ts";
export * from "./postgres/index.ts";
export { requireWritable } from "./requireWritable.ts";
export { freePortOffset } from "./storeProcess.ts";
export { startTestStores, type TestStores } from "./testStores.ts";
