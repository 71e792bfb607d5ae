import { AppError } from "../errors/errors.ts";
import { TaskRequest } from "../tasks/task.ts";
import { whyUnstorable } from "../whyUnstorable.ts";
import type { LetterSelection } from "./redrive.ts";

/**
 * Checks the typed confirmation of a bulk act: the number of letters, or the act's own name (null: it has none). The returned function
 * throws `invalid_input` with the text to type, or `conflict` where the typed number is not (or no longer) the number of letters.
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

/**
 * The edited request of a redrive; null when nothing was edited. Throws `invalid_input` naming
 * the field unless it is a valid task request for a single letter, which the store can keep.
 */
export function editedPayload(payload: unknown, selection: LetterSelection): TaskRequest | null {
  if (payload === undefined || payload === null) return null;
  if (selection.kind !== "letters" || selection.ids.length !== 1)
    throw new AppError("invalid_input", "payload: a request is edited for one dead letter at a time.", {
      hint: "Select the letter by its id.",
    });
  const unstorable = whyUnstorable(payload, "payload");
  if (unstorable !== null)
    throw new AppError("invalid_input", unstorable, { hint: "The original stays as it is; correct the edit and try again." });
  const parsed = TaskRequest.safeParse(payload);
  if (parsed.success) return parsed.data;
  const wrong = parsed.error.issues.map(({ path, message }) => `${["payload", ...path].join(".")}: ${message}`);
  throw new AppError("invalid_input", `The edited request is none: ${wrong.join("; ")}.`, {
    hint: "The original stays as it is; correct the edit and try again.",
  });
}
