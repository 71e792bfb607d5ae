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

/** Removes the drafts of a folder whose makers were killed. A draft is named `<folder>.<process id>-<random>`. */
function removeAbandonedDrafts(folder) {
  const drafts = readdirSync(dirname(folder)).filter((name) => name.startsWith(`${basename(folder)}.`));
  for (const name of drafts) {
    const pid = /\.(\d+)-\w+$/.exec(name)?.[1];
    if (pid !== undefined && !isAlive(Number(pid))) remove(join(dirname(folder), name));
  }
}

/**
 * Makes a folder and those above it, one by one: told to make them all
 * at once, Node says of a read-only disk that the folder does not exist.
 */
function makeFolder(folder) {
  if (existsSync(folder)) return;
  makeFolder(dirname(folder));
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
  }
}

/** An empty draft of a folder beside it. Throws the sentence that says why there can be none, in the operating system's words. */
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
    // What is in the way is the half of a fetch that wrote in place, as earlier versions did.
    remove(folder);
    renameSync(draft, folder);
  }
}

/**
 * Makes a folder that is there whole or not at all: `fill` fills a draft of its own, which is then moved into place. Of several at once one
 * wins, and the others take what it made. `proof` is the file in the folder that shows that it is there.
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
