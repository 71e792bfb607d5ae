import type { LastLetter } from "@signalbox/db/prisma";
import { FAILS_FOR_GOOD } from "@signalbox/model";

/** The dead letters of tasks that were not to fail for good: no request with the mark, or one from which it was taken. */
export function unplannedLetters(letters: readonly LastLetter[]): LastLetter[] {
  return letters.filter(({ message }) => !message.includes(FAILS_FOR_GOOD));
}
