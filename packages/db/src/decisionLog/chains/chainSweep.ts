import { CHAIN_START } from "@signalbox/model";
import { DecisionRow, FIELD, UUID_BYTES } from "./decisionRow.ts";
import { RowCheck } from "./rowCheck.ts";
import { type SignedChain, signedAt } from "./signedChains.ts";

/**
 * The result of a sweep. `whole` chains are sealed from their first decision to their last, at `seq`, and
 * agree with what was signed of them; the tasks of `suspects` have some fault, which the sweep does not name.
 */
export type SweptChains = { whole: { taskId: string; seq: number; signed: SignedChain | undefined }[]; suspects: string[] };

/** A decision that was read before its predecessor: its two hashes. */
type EarlyDecision = { prevHash: Buffer; hash: Buffer };

/** A chain as far as it is connected to its first decision: up to `seq`, with hash `hash`. */
type Chain = {
  taskId: string;
  seq: number;
  hash: Buffer;
  signed: SignedChain | undefined;
  early: Map<number, EarlyDecision> | undefined;
  isOff: boolean;
};

const START = Buffer.from(CHAIN_START);

/**
 * Checks chains whose rows come in any order, mostly that of seq: the order in which
 * they are stored. For each chain it keeps only its end, and the rows that came early.
 */
export class ChainSweep {
  readonly #signedChains: ReadonlyMap<string, SignedChain>;
  readonly #chains = new Map<string, Chain>();
  readonly #row = new DecisionRow();
  readonly #check = new RowCheck();

  constructor(signedChains: ReadonlyMap<string, SignedChain>) {
    this.#signedChains = signedChains;
  }

  /** Processes the next row, whose bytes may be reused afterwards. */
  next(bytes: Buffer): void {
    const row = this.#row;
    row.read(bytes);
    const chain = this.#chainOf(row);
    if (chain.isOff) return;
    const seq = row.int(FIELD.seq);
    if (!this.#check.holds(row, seq, signedAt(chain.signed, seq))) chain.isOff = true;
    else if (seq === chain.seq + 1) this.#goOn(chain, row);
    else if (seq <= chain.seq || chain.early?.has(seq) === true) chain.isOff = true;
    else {
      chain.early ??= new Map();
      chain.early.set(seq, { prevHash: row.copyOf(FIELD.prevHash), hash: row.copyOf(FIELD.hash) });
    }
  }

  #chainOf(row: DecisionRow): Chain {
    const start = row.start(FIELD.taskId);
    const id = row.bytes.toString("latin1", start, start + UUID_BYTES);
    const known = this.#chains.get(id);
    if (known !== undefined) return known;
    const { taskId } = row;
    const signed = this.#signedChains.get(taskId);
    const chain: Chain = { taskId, seq: -1, hash: Buffer.from(START), signed, early: undefined, isOff: false };
    this.#chains.set(id, chain);
    return chain;
  }

  /** Appends the current row to its chain, then any rows that came early and follow it. */
  #goOn(chain: Chain, row: DecisionRow): void {
    if (!row.is(FIELD.prevHash, chain.hash)) {
      chain.isOff = true;
      return;
    }
    row.copyInto(chain.hash, FIELD.hash);
    chain.seq += 1;
    for (let early = chain.early?.get(chain.seq + 1); early !== undefined; early = chain.early?.get(chain.seq + 1)) {
      if (!early.prevHash.equals(chain.hash)) {
        chain.isOff = true;
        return;
      }
      chain.hash = early.hash;
      chain.seq += 1;
      chain.early?.delete(chain.seq);
    }
  }

  /** Ends the sweep: no chain gets further rows. Signed chains without any rows are suspects too. */
  end(): SweptChains {
    const swept: SweptChains = { whole: [], suspects: [] };
    const unseen = new Set(this.#signedChains.keys());
    for (const { taskId, seq, signed, early, isOff } of this.#chains.values()) {
      unseen.delete(taskId);
      // A log entry may carry any number after tampering, or none.
      const isShort = signed !== undefined && !(signed.last.seq >= 0 && signed.last.seq <= seq);
      if (isOff || isShort || (early?.size ?? 0) > 0) swept.suspects.push(taskId);
      else swept.whole.push({ taskId, seq, signed });
    }
    swept.suspects.push(...unseen);
    return swept;
  }
}
