import { AppError } from "@signalbox/model";

/**
 * Asks for a confirmation of an act on several letters: their number, or the act's own name, as a person typed it. Throws `invalid_input` with what has to be typed, and `conflict`
 * where a number was typed that is not theirs (any more).
 */
export function confirmBulk(typed: string | undefined, name: string | null): (letters: number) => void {
  return (letters) => {
    if (letters === 1 || typed === String(letters) || (name !== null && typed === name)) return;
    const hint = `Confirm with ${letters}${name === null ? "" : `, or with the name "${name}"`}.`;
    if (typed !== undefined && /^\d+$/.test(typed))
      throw new AppError("conflict", `It is ${letters} dead letters by now, not ${typed}.`, { hint });
    throw new AppError("invalid_input", `This is about ${letters} dead letters at once, and is not confirmed.`, { hint });
  };
}
