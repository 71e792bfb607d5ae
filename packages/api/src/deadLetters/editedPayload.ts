import { AppError, type LetterSelection, TaskRequest } from "@signalbox/model";

/** The edited request of a redrive. Throws `invalid_input` that names the field: it must be a task's request, and of one letter. */
export function editedPayload(payload: unknown, selection: LetterSelection): TaskRequest | null {
  if (payload === undefined || payload === null) return null;
  if (selection.kind !== "letters" || selection.ids.length !== 1)
    throw new AppError("invalid_input", "payload: a request is edited for one dead letter at a time.", {
      hint: "Select the letter by its id.",
    });
  const parsed = TaskRequest.safeParse(payload);
  if (parsed.success) return parsed.data;
  const wrong = parsed.error.issues.map(({ path, message }) => `${["payload", ...path].join(".")}: ${message}`);
  throw new AppError("invalid_input", `The edited request is none: ${wrong.join("; ")}.`, {
    hint: "The original stays as it is; correct the edit and try again.",
  });
}
