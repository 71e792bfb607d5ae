import { fileError } from "../parseFile.ts";
import type { RecordedMessage } from "./tauBenchFiles.ts";

/** The role that may follow a message, depending on the assistant's last act. */
function expectedRole(before: RecordedMessage | undefined): RecordedMessage["role"] {
  if (before === undefined) return "system";
  if (before.role === "assistant") return before.tool_calls === undefined ? "user" : "tool";
  return before.role === "system" ? "user" : "assistant";
}

/**
 * Checks that a conversation opens with system and user, and continues in pairs of an assistant's message and its answer: from the
 * called tool, or from the user. `path` is that of the messages in `file`; throws `invalid_input` at the first message out of place.
 */
export function checkMessages(file: string, path: readonly PropertyKey[], messages: readonly RecordedMessage[]): void {
  let before: RecordedMessage | undefined;
  for (const [index, message] of messages.entries()) {
    const role = expectedRole(before);
    if (message.role !== role)
      throw fileError(file, [...path, index], `a message of the ${message.role} stands where one of the ${role} is due`);

    const call = before?.role === "assistant" ? before.tool_calls?.[0] : undefined;
    if (message.role === "tool" && call !== undefined) {
      if (message.tool_call_id !== call.id)
        throw fileError(file, [...path, index, "tool_call_id"], `the call before it has the id ${call.id}`);
      if (message.name !== call.function.name)
        throw fileError(file, [...path, index, "name"], `the call before it is of ${call.function.name}`);
    }
    before = message;
  }
  if (before?.role === "assistant")
    throw fileError(file, [...path, messages.length], `a message of the ${expectedRole(before)} is missing at the end`);
}
