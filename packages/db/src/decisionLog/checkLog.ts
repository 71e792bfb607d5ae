import type { KeyObject } from "node:crypto";
import { type Checkpoint, checkpointFault, entryLeaf, type Finding, LOG_START, type LoggedErasure, MerkleLog } from "@signalbox/model";
import type pg from "pg";
import { readCheckpoints, type StoredCheckpoint } from "./checkpointRows.ts";
import { copyLines } from "./copyLines.ts";
import { CHECKPOINTS_PAGE } from "./signedPlaces.ts";

/** The inputs of a check of the log: the first checkpoint, the trusted keys, and the hashes of exported checkpoints, by number. */
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
 * Checks that each checkpoint follows its predecessor, is what was signed, and equals its export; and that the log's
 * entries are those that were signed. After a wrong entry its checkpoint is reported, and checking continues from there.
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

/** The last checkpoint that was read, with its hash, if it still has one. */
type Place = { number: number; hash: string | undefined };

function pageEnd(rows: Rows): Place | undefined {
  const end = rows.at(-1);
  return end === undefined ? undefined : { number: end.number, hash: end.stored?.checkpoint.hash };
}

/** Checks the checkpoint that a verification starts with, and that all exported ones up to it are in the store. */
async function checkStart(client: pg.ClientBase, start: Checkpoint, { keys, heads }: LogCheck, found: Told): Promise<void> {
  const fault = checkpointFault(start, start.prevHash, keys);
  if (fault !== undefined) found(aFinding("checkpoint", start.number, `checkpoint ${start.number} ${fault}`));
  const exported = [...heads].filter(([number]) => number <= start.number);
  const { rows } = await client.query<{ number: number; hash: string }>(
    "SELECT number, hash FROM public.checkpoint WHERE number = ANY($1)",
    [exported.map(([number]) => number)],
  );
  const stored = new Map(rows.map(({ number, hash }) => [number, hash]));
  for (const [number, hash] of exported)
    if (stored.get(number) !== hash) found(aFinding("heads", number, `checkpoint ${number} is not the one that was exported`));
}

/** Checks the checkpoints after the one at `place`; returns those that are valid. */
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

/** Checks that the entries from `before` to the end of a page are those that its checkpoints signed. */
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

  const sql = `SELECT position, task_id, seq, hash, encode(leaf, 'hex'), erasure, erased_position FROM public.checkpoint_entry
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
 * The leaf of an entry, from the fields of its row after the position. Undefined unless the entry is exactly
 * one of the three kinds that are written: chains are compared with `task_id`, `seq` and `hash`, so an entry
 * with these must not be able to give another kind's leaf, even if the table's check constraint is gone.
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

/** The tree up to a checkpoint; an empty one where the stored frontier is not the checkpoint's, so that everything after it fails too. */
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

/** Checks that no entry of the log is unsigned. */
async function checkEnd(client: pg.ClientBase, last: Checkpoint | null, found: Told): Promise<void> {
  const { rows } = await client.query("SELECT position FROM public.checkpoint_entry WHERE position >= $1 ORDER BY position LIMIT 1", [
    last?.size ?? 0,
  ]);
  if (rows.length > 0) found(aFinding("entries", null, `the entry at ${rows[0].position} is signed by no checkpoint`));
}
