import { aSpan } from "@signalbox/db/testing";
import type { Span } from "@signalbox/model";

const BODY = "What was said takes more room than all that the tree shows. ".repeat(30);

/**
 * A trace of `spansCount` spans with bodies: a root, agents below it, and nine model calls below each agent. The last one is named `span
 * {spansCount - 2}`.
 */
export function aBigTrace(trace: string, spansCount: number, atMs: number): Span[] {
  const inputMessages = [{ role: "user", parts: [{ type: "text" as const, content: BODY }] }];
  const below = Array.from({ length: spansCount - 1 }, (_, index) => {
    const isAgent = index % 10 === 0;
    const parent = isAgent ? "root" : `s${index - (index % 10)}`;
    const kind = isAgent ? ("agent" as const) : ("llm" as const);
    return aSpan({
      trace,
      id: `s${index}`,
      parent,
      name: `span ${index}`,
      kind,
      model: "gpt-4o",
      atMs: atMs + index,
      lastsMs: 5,
      inputMessages,
    });
  });
  return [aSpan({ trace, name: "big", atMs, lastsMs: spansCount }), ...below];
}
