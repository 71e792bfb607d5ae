import type { Message, MessagePart, Span } from "@signalbox/model";

/**
 * Traces as a person reads them, so that what is expected can be written by hand and reviewed: for each, the oldest first, what all its
 * spans say of themselves, then its tree, each span with what went in (`<`) and what came out (`>`).
 */
export function traceSnapshot(spans: readonly Span[]): string {
  const byStart = spans.toSorted(byBeginning);
  const traces = Map.groupBy(byStart, ({ traceId }) => traceId);
  return [...traces.values()].map(traceText).join("\n\n");
}

/**
 * By start. Some SDKs know starts to the millisecond only: of spans that began in the same one, one that
 * ended within it came before the others, and of those that went on the longer one is around the shorter.
 */
function byBeginning(a: Span, b: Span): number {
  const [aStart, aEnd, bStart, bEnd] = [a.startTimeUnixNano, a.endTimeUnixNano, b.startTimeUnixNano, b.endTimeUnixNano].map(
    BigInt,
  ) as Times;
  const byEnd = Number(aEnd - bEnd);
  const isOneOver = aEnd - aStart < 1_000_000n || bEnd - bStart < 1_000_000n;
  return Number(aStart - bStart) || (isOneOver ? byEnd : -byEnd);
}

type Times = [bigint, bigint, bigint, bigint];

function traceText(spans: readonly Span[]): string {
  const ids = new Set(spans.map(({ spanId }) => spanId));
  const roots = spans.filter(({ parentSpanId }) => parentSpanId === null || !ids.has(parentSpanId));
  const tell = (span: Span, depth: number): string[] => [
    ...spanText(span).map((line) => "  ".repeat(depth) + line),
    ...spans.filter(({ parentSpanId }) => parentSpanId === span.spanId).flatMap((child) => tell(child, depth + 1)),
  ];
  const all = (of: (span: Span) => string | null): string => [...new Set(spans.map((span) => of(span) ?? "none"))].sort().join(" and ");
  const common = [
    `dialect ${all(({ dialect }) => dialect)}`,
    `session ${all(({ session }) => session)}`,
    `user ${all(({ user }) => user)}`,
    `tags ${all(({ tags }) => tags.join(" ") || null)}`,
    ...(spans.some(({ environment }) => environment !== null) ? [`environment ${all(({ environment }) => environment)}`] : []),
  ];
  return [common.join(", "), ...roots.flatMap((root) => tell(root, 0))].join("\n");
}

function spanText(span: Span): string[] {
  const { kind, name, agent, model, tool, status, statusMessage } = span;
  const facts = [
    `${kind}: ${name}`,
    agent === null ? [] : `agent ${agent}`,
    model === null ? [] : `model ${model}`,
    usageText(span),
    costText(span),
    status === "error" ? `failed${statusMessage === "" ? "" : `: ${statusMessage}`}` : [],
  ].flat();
  return [
    facts.join(", "),
    ...span.inputMessages.map((message) => `  < ${messageText(message)}`),
    ...span.outputMessages.map((message) => `  > ${messageText(message)}`),
    ...(tool === null ? [] : [`  calls ${tool.name} ${tool.arguments ?? "nothing"} = ${tool.result ?? "nothing"}`]),
  ];
}

function usageText({ usage: { input, output, cached, reasoning } }: Span): string[] {
  if (input === null && output === null) return [];
  const of = (part: number | null, word: string): string => (part === null ? "" : ` (${part} ${word})`);
  return [`tokens ${input ?? "?"}${of(cached, "cached")} to ${output ?? "?"}${of(reasoning, "reasoning")}`];
}

function costText({ costUsd, costIsEstimate }: Span): string[] {
  return costUsd === null ? [] : [`$${usdText(costUsd)}${costIsEstimate ? " estimated" : ""}`];
}

/** To the billionth of a dollar, as the store has it, without the zeros that say nothing. */
export function usdText(usd: number): string {
  return usd.toFixed(9).replace(/\.?0+$/, "");
}

function messageText({ role, parts, finishReason }: Message): string {
  return `${role}: ${parts.map(partText).join(" + ")}${finishReason === undefined ? "" : ` [${finishReason}]`}`;
}

function partText(part: MessagePart): string {
  switch (part.type) {
    case "text":
      return part.content;
    case "reasoning":
      return `(${part.content})`;
    case "tool_call":
      return `${part.name}${jsonText(part.arguments)}`;
    case "tool_call_response":
      return `= ${jsonText(part.response)}`;
    case "other":
      return JSON.stringify(part.value);
  }
}

function jsonText(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
