import { CHAIN_START } from "../tasks/decision.ts";
import type { Finding, FindingKind } from "./finding.ts";

/**
 * A decision as it is stored. `hashAs` answers the hash that its content would have at another place
 * (undefined: it is no decision's, and has none); `isSealed` tells whether its own hash is the one for its own
 * place, `signedHash` is the hash that checkpoint `checkpoint` has for it (null where no checkpoint ends here).
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

/** Where a decision stands in which chain, its hash, and whether that is the one for this place. */
type ChainPlace = Pick<StoredDecision, "taskId" | "seq" | "hash" | "isSealed">;

/** So many broken decisions of one task are compared with one another to tell how they came to be so. */
const COMPARED_MAX = 200;

/** A decision that is not sealed where it stands, and where it stood. */
type Placed = { decision: StoredDecision; stood: number | undefined };

const NOT_CONTINUED = "it does not continue the decision before it: one of the two was sealed anew";

const missingText = (from: number, to: number): string =>
  from === to ? `decision ${from} is missing` : `decisions ${from} to ${to} are missing`;

/**
 * Checks chains decision by decision, in the order of task and seq; it keeps
 * one task's broken decisions, and no more. Tells `found` of what is wrong.
 */
export class ChainCheck {
  readonly #found: (finding: Finding) => void;
  #last: ChainPlace | undefined;
  #broken: StoredDecision[] = [];
  #isRewritten = false;

  constructor(found: (finding: Finding) => void) {
    this.#found = found;
  }

  /** Goes on with a chain behind its decision at `seq`, up to which it is whole. */
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

  /** The last task is over. */
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

  /** Tells of each decision that is not sealed where it stands whether it was altered, or stood elsewhere. */
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

  /** Whether everything from some place to the end stood one place before, or one after: something was put in there, or taken out. */
  #shiftOf(
    places: readonly Placed[],
  ): { kind: "inserted" | "missing"; decision: StoredDecision; seq: number; message: string } | undefined {
    // What was put in may be sealed for nowhere.
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

  /** Where a broken decision stood when it was sealed, if that can be told: it is sealed for there, or says what was sealed there. */
  #placeOf({ seq, prevHash, hash, hashAs }: StoredDecision): number | undefined {
    for (const near of [seq - 1, seq + 1]) if (near >= 0 && hashAs(near, prevHash) === hash) return near;
    for (const other of this.#broken.slice(0, COMPARED_MAX)) {
      if (other.seq === seq) continue;
      if (hashAs(other.seq, prevHash) === hash || hashAs(other.seq, other.prevHash) === other.hash) return other.seq;
    }
    return undefined;
  }
}
