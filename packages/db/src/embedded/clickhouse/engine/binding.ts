import { createRequire } from "node:module";

/** One native connection to the engine: its own settings, parameters and current database. */
export type NativeConnection = { readonly __native: unique symbol };

/** The functions of `chdb`'s addon; every promise settles when the engine is done, never earlier. */
export type Binding = {
  CreateConnection(folder: string, args?: readonly string[]): NativeConnection;
  CloseConnection(connection: NativeConnection): void;
  QueryAsyncConnection(
    connection: NativeConnection,
    sql: string,
    format: string,
  ): Promise<{ bytes: Buffer; elapsed: number; rowsRead: number; bytesRead: number }>;
  InsertRawAsyncConnection(
    connection: NativeConnection,
    sql: string,
    payload: Buffer,
    countLines: boolean,
  ): Promise<{ elapsed: number; rowsWritten: number; bytesWritten: number }>;
  EngineVersion(): string;
};

/**
 * Loads the engine into this process. Call it from one long-lived thread only: a worker thread that
 * loaded it and ends closes every connection of the process. Uses the addon below `chdb`'s `Session`,
 * which hides how many rows an insert wrote and lets a close wait for every other query of the process.
 */
export function loadBinding(): Binding {
  const requireHere = createRequire(import.meta.url);
  const requireInChdb = createRequire(requireHere.resolve("chdb"));
  return (requireInChdb("./dist/loader.js") as { loadNative: () => Binding }).loadNative();
}
