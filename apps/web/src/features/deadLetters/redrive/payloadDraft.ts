import { TaskRequest } from "@signalbox/model";

/** What somebody made of a payload: what it says now, or what is wrong with which field. A `path` of "" means the whole text. */
export type PayloadDraft = { kind: "valid"; payload: TaskRequest } | { kind: "wrong"; faults: { path: string; message: string }[] };

/** An edited text as a task's request. */
export function readPayload(text: string): PayloadDraft {
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch (error) {
    return { kind: "wrong", faults: [{ path: "", message: `This is no JSON: ${error instanceof Error ? error.message : String(error)}` }] };
  }
  const parsed = TaskRequest.safeParse(given);
  if (parsed.success) return { kind: "valid", payload: parsed.data };
  return { kind: "wrong", faults: parsed.error.issues.map(({ path, message }) => ({ path: path.join("."), message })) };
}
