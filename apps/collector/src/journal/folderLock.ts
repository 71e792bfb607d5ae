import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { AppError } from "@signalbox/model";

/**
 * Locks a folder for this process until disposed; throws `conflict` if another process holds it. The lock is the operating system's own on
 * a file (through SQLite, since Node cannot lock files), so that it ends with its process however that ends.
 */
export function lockFolder(folder: string): Disposable {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(join(folder, "lock"));
    database.exec("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE");
  } catch (cause) {
    database?.close();
    const isHeld = (cause as { errcode?: number }).errcode === SQLITE_BUSY;
    if (isHeld)
      throw new AppError("infrastructure", `The journal in ${folder} is in use by another collector.`, { cause, hint: "Stop it first." });
    throw cause;
  }
  const held = database;
  return { [Symbol.dispose]: () => held.close() };
}

const SQLITE_BUSY = 5;
