import type pg from "pg";
import { copyLines } from "../copyLines.ts";
import { checkpointAt, type SignedPlaces } from "../signedPlaces.ts";

/** The chains to read, by `tasks` (a condition on a `task_id`), and the entries of the log that count as signed. */
export type ChainScan = { tasks: string; places: SignedPlaces };

/** The signed head of a chain: the hash of its decision at `seq`. */
export type SignedDecision = { seq: number; hash: string; checkpoint: number };

/** The signed heads of a chain: the last, and earlier ones by place. Most chains are signed once. */
export type SignedChain = { last: SignedDecision; earlier: Map<number, SignedDecision> | undefined };

/** The signed head of a chain at a place. */
export function signedAt(chain: SignedChain | undefined, seq: number): SignedDecision | undefined {
  return chain?.last.seq === seq ? chain.last : chain?.earlier?.get(seq);
}

/** The signed heads of each chain, by task, from the entries that `checkLog` turns into leaves. */
export async function readSignedChains(client: pg.ClientBase, { tasks, places }: ChainScan): Promise<Map<string, SignedChain>> {
  const chains = new Map<string, SignedChain>();
  const sql = `SELECT task_id, seq, hash, position FROM public.checkpoint_entry
WHERE task_id IS NOT NULL AND leaf IS NULL AND erasure IS NULL AND erased_position IS NULL AND position < ${places.last?.size ?? 0} AND ${tasks} ORDER BY task_id, seq`;
  for await (const lines of copyLines(client, sql)) {
    for (const line of lines) {
      const [taskId = "", seq, hash = "", position] = line.split("\t");
      const signed = { seq: Number(seq), hash, checkpoint: checkpointAt(places, Number(position)) };
      const chain = chains.get(taskId);
      if (chain === undefined) chains.set(taskId, { last: signed, earlier: undefined });
      else {
        chain.earlier ??= new Map();
        chain.earlier.set(chain.last.seq, chain.last);
        chain.last = signed;
      }
    }
  }
  return chains;
}
