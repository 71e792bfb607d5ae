import type { Message } from "@signalbox/model";
import { type Attributes, type AttributeValue, attributeText } from "../decode/index.ts";
import type { BodyField, Dialect } from "./dialect.ts";
import { readMessages } from "./messages.ts";

/** The bodies of a span. `taken` are the attributes that are wholly in them and need not be kept beside them. */
export interface Bodies {
  messages: { system: Message[]; input: Message[]; output: Message[] };
  toolArguments: string | null;
  toolResult: string | null;
  taken: ReadonlySet<string>;
}

/** Reads what `dialect` says is a body. */
export function readBodies(attributes: Attributes, { bodies }: Dialect): Bodies {
  const taken = new Set<string>();

  function find(field: BodyField): { key: string; value: AttributeValue } | null {
    const key = bodies[field]?.find((candidate) => (attributes.get(candidate) ?? null) !== null);
    return key === undefined ? null : { key, value: attributes.get(key) ?? null };
  }

  function messages(field: BodyField, role: string): Message[] {
    const found = find(field);
    if (found === null) return [];
    const read = readMessages(found.value, role);
    if (read.isWhole) taken.add(found.key);
    return read.messages;
  }

  function text(field: BodyField): string | null {
    const found = find(field);
    if (found === null) return null;
    taken.add(found.key);
    return attributeText(found.value);
  }

  return {
    messages: {
      system: messages("systemMessages", "system"),
      input: messages("inputMessages", "user"),
      output: messages("outputMessages", "assistant"),
    },
    toolArguments: text("toolArguments"),
    toolResult: text("toolResult"),
    taken,
  };
}
