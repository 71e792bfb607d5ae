import { CHAIN_START } from "../tasks/decision.ts";
import type { Finding, FindingKind } from "./finding.ts";

/**
 * A stored decision. `hashAs` gives the hash that its content would have at another place (undefined
 * where it is not a valid decision); `isSealed` tells whether its own hash is right for its own place;
 * `signedHash` is the hash that checkpoint `checkpoint` has for it (null where no checkpoint ends here).
 */
export type StoredDecision = {
  taskId: string;
  seq: number;
  prevHash: string;
  hash: string;
  isSealed: boolean;
  hashAs: (seq: number, prevHash: string) => string | undefined;
  signedHash: string | null;
  checkpoint: number | null;
};

/** A decision's place in its chain, its hash, and whether the hash is right for this place. */
type ChainPlace = Pick<StoredDecision, "taskId" | "seq" | "hash" | "isSealed">;

/** At most so many broken decisions of one task are compared with each other to find out how they broke. */
const COMPARED_MAX = 200;

/** A decision that is not sealed for its place, and the place it was sealed for, if known. */
type Placed = { decision: StoredDecision; stood: number | undefined };

const NOT_CONTINUED = "it does not continue the decision before it: one of the two was sealed anew";

const missingText = (from: number, to: number): string =>
  from === to ? `decision ${from} is missing` : `decisions ${from} to ${to} are missing`;

/**
 * Checks chains decision by decision, in the order of task and seq, and reports each
 * fault to `found`. Holds only the broken decisions of the current task in memory.
 */
export class ChainCheck {
  readonly #found: (finding: Finding) => void;
  #last: ChainPlace | undefined;
  #broken: StoredDecision[] = [];
  #isRewritten = false;

  constructor(found: (finding: Finding) => void) {
    this.#found = found;
  }

  /** Resumes a chain after its decision at `seq`; everything up to there is known to be whole. */
  resume(last: Omit<ChainPlace, "isSealed">): void {
    this.end();
    this.#last = { ...last, isSealed: true };
  }

  next(decision: StoredDecision): void {
    if (decision.taskId !== this.#last?.taskId) this.end();
    this.#checkPlace(decision);
    this.#checkSignature(decision);
    this.#last = decision;
  }

  /** Ends the last task. */
  end(): void {
    this.#explainBroken();
    this.#last = undefined;
    this.#broken = [];
    this.#isRewritten = false;
  }

  #tell(kind: FindingKind, { taskId, checkpoint }: StoredDecision, seq: number, message: string): void {
    this.#found({ kind, taskId, seq, checkpoint, message });
  }

  #checkPlace(decision: StoredDecision): void {
    const { seq, prevHash, isSealed } = decision;
    const last = this.#last;
    const due = (last?.seq ?? -1) + 1;
    if (!isSealed) this.#broken.push(decision);
    if (seq < due) this.#tell("inserted", decision, seq, `there are two decisions ${seq}`);
    else if (seq > due) this.#tell("missing", decision, due, missingText(due, seq - 1));
    // The neighbour of a broken decision is not to blame for it.
    else if (isSealed && last?.isSealed !== false && prevHash !== (last?.hash ?? CHAIN_START)) {
      this.#isRewritten = true;
      this.#tell("rewritten", decision, seq, last === undefined ? "it begins no chain" : NOT_CONTINUED);
    }
  }

  #checkSignature(decision: StoredDecision): void {
    const { signedHash, hash, seq, checkpoint } = decision;
    if (signedHash === null || signedHash === hash || this.#isRewritten) return;
    this.#isRewritten = true;
    if (!this.#broken.some((broken) => broken.seq === seq))
      this.#tell("rewritten", decision, seq, `checkpoint ${checkpoint} has another decision here: it, or one before it, was sealed anew`);
  }

  /** Reports for each decision that is not sealed for its place whether it was altered or moved. */
  #explainBroken(): void {
    const places = this.#broken.map((decision) => ({ decision, stood: this.#placeOf(decision) }));
    const shift = this.#shiftOf(places);
    if (shift !== undefined) {
      this.#tell(shift.kind, shift.decision, shift.seq, shift.message);
    } else {
      for (const { decision, stood } of places) {
        if (stood === undefined) this.#tell("altered", decision, decision.seq, "its content is not what was sealed");
        else this.#tell("reordered", decision, decision.seq, `it stood at ${stood}`);
      }
    }
  }

  /**
   * Detects a shift: every broken decision up to the chain's end stood one
   * place earlier (one was inserted) or one place later (one was removed).
   */
  #shiftOf(
    places: readonly Placed[],
  ): { kind: "inserted" | "missing"; decision: StoredDecision; seq: number; message: string } | undefined {
    // An inserted decision may be sealed for no place at all.
    const moved = places[0]?.stood === undefined ? places.slice(1) : places;
    const [first] = moved;
    if (first === undefined || moved.at(-1)?.decision !== this.#last) return undefined;
    const { decision } = first;
    const isBy = (by: number): boolean => moved.every(({ decision: { seq }, stood }) => stood === seq + by);
    if (isBy(-1))
      return { kind: "inserted", decision, seq: decision.seq - 1, message: "it was put in: what follows stood one place before" };
    if (isBy(1) && moved === places)
      return {
        kind: "missing",
        decision,
        seq: decision.seq,
        message: "the decision that stood here is missing: what follows it was moved up",
      };
    return undefined;
  }

  /**
   * The place for which a broken decision was sealed, where it can be told:
   * its hash fits there, or its content gives the hash that is stored there.
   */
  #placeOf({ seq, prevHash, hash, hashAs }: StoredDecision): number | undefined {
    for (const near of [seq - 1, seq + 1]) if (near >= 0 && hashAs(near, prevHash) === hash) return near;
    for (const other of this.#broken.slice(0, COMPARED_MAX)) {
      if (other.seq === seq) continue;
      if (hashAs(other.seq, prevHash) === hash || hashAs(other.seq, other.prevHash) === other.hash) return other.seq;
    }
    return undefined;
  }
}
