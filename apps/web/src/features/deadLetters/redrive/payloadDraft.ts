import { errorMessage, TaskRequest } from "@signalbox/model";

/** An edited payload: valid, or with the errors of its fields. A `path` of "" means the whole text. */
export type PayloadDraft = { kind: "valid"; payload: TaskRequest } | { kind: "wrong"; faults: { path: string; message: string }[] };

/** Parses an edited text as a task's request. */
export function readPayload(text: string): PayloadDraft {
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch (error) {
    return { kind: "wrong", faults: [{ path: "", message: `This is no JSON: ${errorMessage(error)}` }] };
  }
  const parsed = TaskRequest.safeParse(given);
  if (parsed.success) return { kind: "valid", payload: parsed.data };
  return { kind: "wrong", faults: parsed.error.issues.map(({ path, message }) => ({ path: path.join("."), message })) };
}
