import { CHAIN_START, ChainCheck, type Finding, type StoredDecision } from "@signalbox/model";
import { DecisionRow, FIELD } from "./decisionRow.ts";
import { RowCheck } from "./rowCheck.ts";
import { hashAt, sealedPieces } from "./sealedText.ts";
import { type SignedChain, type SignedDecision, signedAt } from "./signedChains.ts";

/** A chain that was read: its last decision is at `seq`; the last `eventsAfter` of its `events` are not signed yet. */
export type ReadChain = { taskId: string; seq: number; events: number; eventsAfter: number };

/** The inputs of a walk, and the callbacks for faults and for the end of each chain. */
export type ChainWalkOptions = {
  signedChains: ReadonlyMap<string, SignedChain>;
  found: (finding: Finding) => void;
  ended: (chain: ReadChain) => void;
};

const START = Buffer.from(CHAIN_START);

/** The id before the first one. */
const NO_ID = Buffer.alloc(0);

/**
 * Walks over rows in the order of task and seq. As long as each decision is sealed, follows the one before it and is what was
 * signed, only bytes are compared and nothing is allocated; from the first fault on, a `ChainCheck` takes over the chain.
 */
export class ChainWalk {
  readonly #options: ChainWalkOptions;
  readonly #check: ChainCheck;
  readonly #row = new DecisionRow();
  readonly #rowCheck = new RowCheck();
  #id: Buffer = NO_ID;
  #chain: ReadChain = { taskId: "", seq: -1, events: 0, eventsAfter: 0 };
  #signed: SignedChain | undefined;
  #isWhole = true;
  /** The hash of the last decision, as stored in its row. */
  readonly #hash = Buffer.alloc(START.length);

  constructor(options: ChainWalkOptions) {
    this.#options = options;
    this.#check = new ChainCheck(options.found);
  }

  /** Processes the next row, whose bytes may be reused afterwards. */
  next(bytes: Buffer): void {
    const row = this.#row;
    row.read(bytes);
    if (!row.is(FIELD.taskId, this.#id)) this.#begin();
    const chain = this.#chain;
    const seq = row.int(FIELD.seq);
    const signed = signedAt(this.#signed, seq);
    if (this.#isWhole && !this.#goesOn(seq, signed)) this.#breakOff();
    if (this.#isWhole) row.copyInto(this.#hash, FIELD.hash);
    else this.#check.next(storedDecision(row, chain.taskId, signed));
    chain.seq = seq;
    chain.events += 1;
    chain.eventsAfter = signed === undefined ? chain.eventsAfter + 1 : 0;
  }

  /** Ends the last chain. */
  end(): void {
    if (!this.#isWhole) this.#check.end();
    if (this.#id !== NO_ID) this.#options.ended(this.#chain);
  }

  #begin(): void {
    this.end();
    this.#id = this.#row.copyOf(FIELD.taskId);
    const { taskId } = this.#row;
    this.#chain = { taskId, seq: -1, events: 0, eventsAfter: 0 };
    this.#signed = this.#options.signedChains.get(taskId);
    this.#isWhole = true;
    START.copy(this.#hash);
  }

  /** Whether the current decision continues a chain that is whole so far. */
  #goesOn(seq: number, signed: SignedDecision | undefined): boolean {
    const row = this.#row;
    return seq === this.#chain.seq + 1 && row.is(FIELD.prevHash, this.#hash) && this.#rowCheck.holds(row, seq, signed);
  }

  /** Hands the rest of the chain to a closer check. */
  #breakOff(): void {
    this.#isWhole = false;
    const { taskId, seq } = this.#chain;
    if (seq >= 0) this.#check.resume({ taskId, seq, hash: this.#hash.toString("latin1") });
  }
}

function storedDecision(row: DecisionRow, taskId: string, signed: SignedDecision | undefined): StoredDecision {
  const pieces = sealedPieces(row);
  const [seq, prevHash, hash] = [row.int(FIELD.seq), row.text(FIELD.prevHash) ?? "", row.text(FIELD.hash) ?? ""];
  return {
    ...{ taskId, seq, prevHash, hash },
    hashAs: (seqThere, prevHashThere) => hashAt(pieces, seqThere, prevHashThere),
    isSealed: hashAt(pieces, seq, prevHash) === hash,
    signedHash: signed?.hash ?? null,
    checkpoint: signed?.checkpoint ?? null,
  };
}
