import type { KeyObject } from "node:crypto";
import { type Checkpoint, checkpointFault, entryLeaf, type Finding, LOG_START, type LoggedErasure, MerkleLog } from "@signalbox/model";
import type pg from "pg";
import { readCheckpoints, type StoredCheckpoint } from "./checkpointRows.ts";
import { copyLines } from "./copyLines.ts";
import { CHECKPOINTS_PAGE } from "./signedPlaces.ts";

/**
 * What the log of chains is checked against: from which checkpoint on, the keys
 * that are trusted, and the hashes of checkpoints that were exported, by number.
 */
export type LogCheck = {
  since: StoredCheckpoint | undefined;
  keys: readonly KeyObject[];
  heads: ReadonlyMap<number, string>;
  erasures: ReadonlyMap<string, LoggedErasure>;
};

type Told = (finding: Finding) => void;

const aFinding = (kind: Finding["kind"], checkpoint: number | null, message: string): Finding => ({
  ...{ kind, taskId: null, seq: null, checkpoint, message },
});

/**
 * Checks that each checkpoint follows the one before it, is what was signed, and is the one that was exported; and that the entries
 * of the log are those that were signed. Where an entry is not, its checkpoint is told, and the next ones are checked from there on.
 */
export async function checkLog(client: pg.ClientBase, check: LogCheck, found: Told): Promise<void> {
  const { since, heads } = check;
  let last = since?.checkpoint ?? null;
  let before = since;
  if (since !== undefined) await checkStart(client, since.checkpoint, check, found);
  let place: Place = { number: last?.number ?? 0, hash: last?.hash ?? LOG_START };
  for (;;) {
    const rows = await readCheckpoints(client, place.number + 1, CHECKPOINTS_PAGE);
    const page = checkPage(rows, place, check, found);
    place = pageEnd(rows) ?? place;
    await checkEntries(client, { before, page, erasures: check.erasures }, found);
    before = page.at(-1) ?? before;
    last = before?.checkpoint ?? last;
    if (rows.length < CHECKPOINTS_PAGE) break;
  }
  for (const number of heads.keys())
    if (number > place.number) found(aFinding("heads", number, `checkpoint ${number} was exported, and is not in the store`));
  await checkEnd(client, last, found);
}

type Rows = Awaited<ReturnType<typeof readCheckpoints>>;

/** The checkpoint that was read last, and its hash, where it has one still. */
type Place = { number: number; hash: string | undefined };

function pageEnd(rows: Rows): Place | undefined {
  const end = rows.at(-1);
  return end === undefined ? undefined : { number: end.number, hash: end.stored?.checkpoint.hash };
}

/** Checks the checkpoint that a verification begins with, and that those up to it which were exported are in the store. */
async function checkStart(client: pg.ClientBase, start: Checkpoint, { keys, heads }: LogCheck, found: Told): Promise<void> {
  const fault = checkpointFault(start, start.prevHash, keys);
  if (fault !== undefined) found(aFinding("checkpoint", start.number, `checkpoint ${start.number} ${fault}`));
  const exported = [...heads].filter(([number]) => number <= start.number);
  const { rows } = await client.query<{ number: number; hash: string }>("SELECT number, hash FROM checkpoint WHERE number = ANY($1)", [
    exported.map(([number]) => number),
  ]);
  const stored = new Map(rows.map(({ number, hash }) => [number, hash]));
  for (const [number, hash] of exported)
    if (stored.get(number) !== hash) found(aFinding("heads", number, `checkpoint ${number} is not the one that was exported`));
}

/** Checks checkpoints that follow the one at `place`, and answers those that are some. */
function checkPage(rows: Rows, place: Place, { keys, heads }: LogCheck, found: Told): StoredCheckpoint[] {
  const page: StoredCheckpoint[] = [];
  let due = place.number + 1;
  let prevHash = place.hash;
  for (const { number, stored } of rows) {
    if (due < number) {
      const missing = due === number - 1 ? `checkpoint ${due} is` : `checkpoints ${due} to ${number - 1} are`;
      found(aFinding("checkpoint", due, `${missing} missing`));
      prevHash = undefined;
    }
    due = number + 1;
    const checkpoint = stored?.checkpoint;
    const fault =
      checkpoint === undefined ? "is no checkpoint any more" : checkpointFault(checkpoint, prevHash ?? checkpoint.prevHash, keys);
    if (fault !== undefined) found(aFinding("checkpoint", number, `checkpoint ${number} ${fault}`));
    const exported = heads.get(number);
    if (exported !== undefined && exported !== checkpoint?.hash)
      found(aFinding("heads", number, `checkpoint ${number} is not the one that was exported`));
    if (stored !== undefined) page.push(stored);
    prevHash = checkpoint?.hash;
  }
  return page;
}

/** Checks that the entries between `before` and the end of a page are those that its checkpoints signed. */
async function checkEntries(
  client: pg.ClientBase,
  { before, page, erasures }: { before: StoredCheckpoint | undefined; page: readonly StoredCheckpoint[]; erasures: LogCheck["erasures"] },
  found: Told,
): Promise<void> {
  const from = before?.checkpoint.size ?? 0;
  const to = page.at(-1)?.checkpoint.size ?? from;
  let tree = openTree(before);
  let isBroken = false;
  let index = 0;
  const close = (stored: StoredCheckpoint): void => {
    const { number, size, root } = stored.checkpoint;
    if (isBroken || tree.size !== size || tree.root !== root) {
      found(aFinding("entries", number, `an entry that checkpoint ${number} signed was changed, removed or put in`));
      tree = openTree(stored);
    }
    isBroken = false;
    index += 1;
  };
  const closeUpTo = (position: number): void => {
    for (let at = page[index]; at !== undefined && position >= at.checkpoint.size; at = page[index]) close(at);
  };

  const sql = `SELECT position, task_id, seq, hash, encode(leaf, 'hex'), erasure, erased_position FROM checkpoint_entry
WHERE position >= ${from} AND position < ${to} ORDER BY position`;
  for await (const lines of copyLines(client, sql)) {
    for (const line of lines) {
      const [position, ...fields] = line.split("\t");
      closeUpTo(Number(position));
      isBroken ||= Number(position) !== tree.size;
      const leaf = leafOf(fields, erasures);
      if (leaf === undefined) isBroken = true;
      else tree.append(leaf);
    }
  }
  closeUpTo(to);
}

/**
 * The leaf of an entry, of the fields of its row behind the position. Undefined where it is none of the
 * three that are written, and no more than that one: chains are held against `task_id`, `seq` and `hash`,
 * so nothing else may give the leaf where these are, whatever the table's own condition has become.
 */
function leafOf(fields: readonly string[], erasures: LogCheck["erasures"]): Buffer | undefined {
  const [taskId = "", seq, hash = "", leaf = "", erasureId = "", erasedPosition] = fields;
  switch (fields.map((field) => (field === "\\N" ? "-" : "x")).join("")) {
    case "xxx---":
      return entryLeaf({ kind: "head", taskId, seq: Number(seq), hash });
    case "---xx-":
      return Buffer.from(leaf, "hex");
    case "----xx": {
      const erasure = erasures.get(erasureId);
      return erasure === undefined ? undefined : entryLeaf({ kind: "erased", position: Number(erasedPosition), erasure });
    }
    default:
      return undefined;
  }
}

/** The tree up to a checkpoint; an empty one where what is stored with it is not its own, so that whatever comes next is wrong, too. */
function openTree(stored: StoredCheckpoint | undefined): MerkleLog {
  if (stored === undefined) return new MerkleLog();
  try {
    const tree = new MerkleLog(stored.checkpoint.size, stored.frontier);
    if (tree.root === stored.checkpoint.root) return tree;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  return new MerkleLog();
}

/** Nothing may be in the log that no checkpoint signed. */
async function checkEnd(client: pg.ClientBase, last: Checkpoint | null, found: Told): Promise<void> {
  const { rows } = await client.query("SELECT position FROM checkpoint_entry WHERE position >= $1 ORDER BY position LIMIT 1", [
    last?.size ?? 0,
  ]);
  if (rows.length > 0) found(aFinding("entries", null, `the entry at ${rows[0].position} is signed by no checkpoint`));
}
