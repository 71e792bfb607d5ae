import { type Message, readIndexedMessages, readMessages, type SpanKind } from "@signalbox/model";
import { type Attributes, attributeText } from "../decode/index.ts";
import type { BodyField, Dialect } from "./dialect.ts";
import { holdsAll } from "./holdsAll.ts";
import { firstAt } from "./readAttributes.ts";

/** The bodies of a span. `taken` are the attributes that are wholly in them and need not be kept beside them. */
export interface Bodies {
  messages: { system: Message[]; input: Message[]; output: Message[] };
  toolArguments: string | null;
  toolResult: string | null;
  taken: ReadonlySet<string>;
}

/** Reads what `dialect` says is a body of a span of this kind. */
export function readBodies(attributes: Attributes, { bodies, indexed = {} }: Dialect, kind: SpanKind): Bodies {
  const taken = new Set<string>();
  const toolArguments = kind === "tool" ? text("toolArguments") : null;
  const toolResult = kind === "tool" ? text("toolResult") : null;
  const isLeft = (key: string): boolean => !taken.has(key);

  function messages(field: BodyField, role: string): Message[] {
    const prefix = indexed[field];
    const flattened = prefix === undefined ? [] : readIndexedMessages(attributes, prefix, role);
    if (flattened.length > 0) return flattened;
    const found = firstAt(attributes, bodies[field]?.filter(isLeft));
    if (found === null) return [];
    const read = readMessages(found.value, role);
    if (holdsAll(read, found.value)) taken.add(found.key);
    return read;
  }

  function text(field: BodyField): string | null {
    const found = firstAt(attributes, bodies[field]);
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
    toolArguments,
    toolResult,
    taken,
  };
}
