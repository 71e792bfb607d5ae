import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";

const remove = (folder) => rmSync(folder, { recursive: true, force: true });

function isAlive(pid) {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error.code === "EPERM";
  }
}

/** Deletes the drafts of a folder whose creators were killed. A draft is named `<folder>.<process id>-<random>`. */
function removeAbandonedDrafts(folder) {
  const drafts = readdirSync(dirname(folder)).filter((name) => name.startsWith(`${basename(folder)}.`));
  for (const name of drafts) {
    const pid = /\.(\d+)-\w+$/.exec(name)?.[1];
    if (pid !== undefined && !isAlive(Number(pid))) remove(join(dirname(folder), name));
  }
}

/** Creates a folder and its parents one by one: with the recursive option, Node reports a read-only disk as a missing folder. */
function makeFolder(folder) {
  if (existsSync(folder)) return;
  makeFolder(dirname(folder));
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
  }
}

/** Creates an empty draft beside a folder. If that is impossible, throws a sentence with the operating system's reason. */
function openDraft(folder) {
  const parent = dirname(folder);
  try {
    makeFolder(parent);
    removeAbandonedDrafts(folder);
    return mkdtempSync(`${folder}.${process.pid}-`);
  } catch (error) {
    const words = /^[A-Z]+: (.+?), /.exec(error.message)?.[1] ?? error.message;
    throw new Error(`The folder ${parent} cannot be used: ${words}. Choose another with SIGNALBOX_DATA_DIR.`, { cause: error });
  }
}

function moveInto(draft, folder, isThere) {
  try {
    renameSync(draft, folder);
  } catch {
    if (isThere()) return;
    // In the way is an incomplete folder from an earlier version, which wrote in place.
    remove(folder);
    renameSync(draft, folder);
  }
}

/**
 * Creates a folder that exists either whole or not at all: `fill` fills a draft, which is then moved into place. Of several concurrent
 * calls one wins, and the others use its result. `proof` is the file in the folder that shows that it exists.
 * @param {string} folder
 * @param {string} proof
 * @param {(draft: string) => Promise<void>} fill
 */
export async function wholeFolder(folder, proof, fill) {
  const isThere = () => existsSync(join(folder, proof));
  if (isThere()) return;
  const draft = openDraft(folder);
  try {
    await fill(draft);
    moveInto(draft, folder, isThere);
  } catch (error) {
    if (!isThere()) throw error;
  } finally {
    remove(draft);
  }
}
