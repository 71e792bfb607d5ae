import { type DecisionRow, FIELD } from "./decisionRow.ts";
import { PlainSeal } from "./plainSeal.ts";
import { hashAt, sealedPieces } from "./sealedText.ts";
import type { SignedDecision } from "./signedChains.ts";

/** Checks single rows: from their bytes where they are plain, else the slow way. */
export class RowCheck {
  readonly #seal = new PlainSeal();

  /** Whether a row is sealed at `seq`, and is what was signed. */
  holds(row: DecisionRow, seq: number, signed: SignedDecision | undefined): boolean {
    return (signed === undefined || row.text(FIELD.hash) === signed.hash) && (this.#seal.holds(row) || isSealed(row, seq));
  }
}

function isSealed(row: DecisionRow, seq: number): boolean {
  return hashAt(sealedPieces(row), seq, row.text(FIELD.prevHash) ?? "") === row.text(FIELD.hash);
}
