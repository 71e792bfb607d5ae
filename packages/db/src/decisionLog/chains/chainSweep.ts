import { CHAIN_START } from "@signalbox/model";
import { DecisionRow, FIELD, UUID_BYTES } from "./decisionRow.ts";
import { RowCheck } from "./rowCheck.ts";
import { type SignedChain, signedAt } from "./signedChains.ts";

/**
 * What a sweep says of its chains: `whole` ones are sealed from their first decision to their last, at `seq`, and
 * are what was signed as far as that goes; of the tasks of `suspects` something is off, and it does not say what.
 */
export type SweptChains = { whole: { taskId: string; seq: number; signed: SignedChain | undefined }[]; suspects: string[] };

/** A decision that came before the one it follows: its two hashes. */
type EarlyDecision = { prevHash: Buffer; hash: Buffer };

/** A chain as far as it goes on from its first decision: to `seq`, whose hash is `hash`. */
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
 * Sweeps over the rows of chains in any order, which is mostly that of seq: the order in which they lie in the store.
 * Of each chain it keeps where it ends, and what came early.
 */
export class ChainSweep {
  readonly #signedChains: ReadonlyMap<string, SignedChain>;
  readonly #chains = new Map<string, Chain>();
  readonly #row = new DecisionRow();
  readonly #check = new RowCheck();

  constructor(signedChains: ReadonlyMap<string, SignedChain>) {
    this.#signedChains = signedChains;
  }

  /** Goes on to a row, whose bytes may be gone afterwards. */
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

  /** The row at hand is the next one of its chain, and those that came early may follow it. */
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

  /** What came of the chains; none of them is expected to go on. Signed ones of which nothing came are suspects, too. */
  end(): SweptChains {
    const swept: SweptChains = { whole: [], suspects: [] };
    const unseen = new Set(this.#signedChains.keys());
    for (const { taskId, seq, signed, early, isOff } of this.#chains.values()) {
      unseen.delete(taskId);
      // An entry of the log may have any number by now, or none.
      const isShort = signed !== undefined && !(signed.last.seq >= 0 && signed.last.seq <= seq);
      if (isOff || isShort || (early?.size ?? 0) > 0) swept.suspects.push(taskId);
      else swept.whole.push({ taskId, seq, signed });
    }
    swept.suspects.push(...unseen);
    return swept;
  }
}
