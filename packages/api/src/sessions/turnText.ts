import type { Message } from "@signalbox/model";

const CHARS_MAX = 20_000;

/** The text of one side of a turn; `isCut` when only its beginning is here. */
export type TurnText = { text: string; isCut: boolean };

/** The last text by `role` among some messages, or else the last by anybody, or null: a model call repeats everything said before it. */
export function turnText(messages: readonly Message[], role: string): TurnText | null {
  const spoken = messages.map((message) => ({ role: message.role, text: wordsOf(message) })).filter(({ text }) => text !== "");
  const last = spoken.findLast((message) => message.role === role) ?? spoken.at(-1);
  if (last === undefined) return null;
  return { text: last.text.slice(0, CHARS_MAX), isCut: last.text.length > CHARS_MAX };
}

function wordsOf({ parts }: Message): string {
  return parts
    .flatMap((part) => (part.type === "text" ? [part.content] : part.type === "other" ? [JSON.stringify(part.value)] : []))
    .join("\n\n")
    .trim();
}
