import { hexOf, parentHexOf } from "../ids.ts";

/** The compared content of a span, in the order of `digestText`. */
export interface ToldSpan {
  name: string;
  agent: string;
  session: string;
  user: string;
  inputTokens: number;
  said: string;
  answered: string;
}

/**
 * The textual part of a span's digest; its ids and times follow: trace,
 * span and parent in hex, start and end in nanoseconds, one line each.
 */
export function digestText({ name, agent, session, user, inputTokens, said, answered }: ToldSpan): string {
  return `${[name, agent, session, user, inputTokens, said, answered].join("\n")}\n`;
}

/**
 * The digest of a stored span. A message's text is the first part of the
 * second input message (after the system's) and of the first output message.
 */
export const DIGEST = `CRC32(arrayStringConcat([
  name, agent, session, user, toString(coalesce(input_tokens, 0)),
  JSONExtractString(input_messages, 2, 'parts', 1, 'content'), JSONExtractString(output_messages, 1, 'parts', 1, 'content'),
  ${hexOf("trace_id")}, ${hexOf("span_id")}, ${parentHexOf("parent_span_id")},
  toString(toUnixTimestamp64Nano(start_time)), toString(toUnixTimestamp64Nano(end_time))
], '\\n'))`;
