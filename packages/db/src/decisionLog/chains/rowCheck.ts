import { type DecisionRow, FIELD } from "./decisionRow.ts";
import { PlainSeal } from "./plainSeal.ts";
import { hashAt, sealedPieces } from "./sealedText.ts";
import type { SignedDecision } from "./signedChains.ts";

/** Checks rows by themselves: from their bytes where they are plain, the long way where not. */
export class RowCheck {
  readonly #seal = new PlainSeal();

  /** Whether a row at `seq` is sealed where it stands, and is what was signed. */
  holds(row: DecisionRow, seq: number, signed: SignedDecision | undefined): boolean {
    return (signed === undefined || row.text(FIELD.hash) === signed.hash) && (this.#seal.holds(row) || isSealed(row, seq));
  }
}

function isSealed(row: DecisionRow, seq: number): boolean {
  return hashAt(sealedPieces(row), seq, row.text(FIELD.prevHash) ?? "") === row.text(FIELD.hash);
}
