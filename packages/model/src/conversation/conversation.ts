import { canonicalJson } from "../canonicalJson.ts";
import type { Message, MessagePart } from "../telemetry/message.ts";
import type { Span } from "../telemetry/span.ts";

/** The fields of a span that a conversation is built from. */
export type TalkingSpan = Pick<
  Span,
  | "spanId"
  | "kind"
  | "name"
  | "agent"
  | "model"
  | "startTimeUnixNano"
  | "endTimeUnixNano"
  | "status"
  | "inputMessages"
  | "outputMessages"
  | "tool"
>;

/**
 * One thing said or done. `spanId` is the span that carried it first; `agent` tells speakers of one role apart.
 * A `tool` entry is an executed call; its call is in `request` only when no message before it asked for it by its id.
 */
export type ConversationEntry =
  | { kind: "message"; spanId: string; timeUnixNano: string; agent: string | null; role: string; parts: MessagePart[] }
  | {
      kind: "tool";
      spanId: string;
      timeUnixNano: string;
      name: string;
      callId: string | null;
      request: string | null;
      result: string | null;
      isError: boolean;
    };

/**
 * A part of a span that becomes visible at a moment. On a tie, an answer
 * comes before the tool it asked for, and the tool before the next question.
 */
type Moment = { time: bigint; rank: number; span: TalkingSpan; part: "input" | "output" | "tool" };

const RANKS = { output: 0, tool: 1, input: 2 } as const;

/**
 * Equal for two copies of the same message. A tool call is identified by
 * its id, because its arguments may be written differently the second time.
 */
function fingerprint({ role, parts }: Message): string {
  const marks = parts.map((part) => {
    if (part.type === "tool_call" && part.id !== null) return { call: part.id };
    if (part.type === "tool_call_response" && part.id !== null) return { response: part.id };
    return part;
  });
  return canonicalJson({ role, marks: JSON.parse(JSON.stringify(marks)) });
}

function momentsOf(span: TalkingSpan, tellsAll: boolean): Moment[] {
  const start = BigInt(span.startTimeUnixNano);
  const at = (time: bigint, part: Moment["part"]): Moment => ({ time, rank: RANKS[part], span, part });
  if (span.tool !== null && span.kind === "tool") return [at(start, "tool")];
  return tellsAll ? [at(start, "input"), at(BigInt(span.endTimeUnixNano), "output")] : [];
}

/** The ids of the tool calls that a message requests, or of those that it answers. */
const callIdsOf = (message: Message, type: "tool_call" | "tool_call_response"): string[] =>
  message.parts.flatMap((part) => (part.type === type && part.id !== null ? [part.id] : []));

/**
 * Everything said and done in a trace, in order, each thing once. A model call repeats all that was said before it; whatever
 * an earlier call of the same agent already showed is left out, even when the sender trimmed the middle. Where model calls
 * carry messages, the spans around them only repeat those, except for what an agent was told after its last call.
 */
export function conversationOf(spans: readonly TalkingSpan[]): ConversationEntry[] {
  const hasModelMessages = spans.some((span) => span.kind === "llm" && span.inputMessages.length + span.outputMessages.length > 0);
  const moments = spans
    .flatMap((span) => momentsOf(span, !hasModelMessages || span.kind === "llm"))
    .sort((a, b) => (a.time === b.time ? a.rank - b.rank : a.time < b.time ? -1 : 1));

  const entries: ConversationEntry[] = [];
  const told = new Map<string, string[]>();
  const asked = new Set<string>();
  const executed = new Map(
    spans.flatMap((span) => (span.kind === "tool" && span.tool?.callId ? [[span.tool.callId, span.tool.result]] : [])),
  );

  /** Whether the tool's own span shows the same answer. */
  const isShownByTool = (message: Message): boolean =>
    message.parts.length > 0 &&
    message.parts.every((part) => {
      if (part.type !== "tool_call_response" || part.id === null) return false;
      const result = executed.get(part.id);
      return result === (typeof part.response === "string" ? part.response : JSON.stringify(part.response));
    });

  const say = (message: Message, span: TalkingSpan, time: bigint): void => {
    for (const id of callIdsOf(message, "tool_call")) asked.add(id);
    if (isShownByTool(message) || message.parts.length === 0) return;
    entries.push({ kind: "message", spanId: span.spanId, timeUnixNano: String(time), agent: span.agent, ...message });
  };

  for (const { span, part, time } of moments) {
    if (part === "tool") {
      const tool = span.tool;
      if (tool === null) continue;
      const request = tool.callId !== null && asked.has(tool.callId) ? null : tool.arguments;
      const { name, callId, result } = tool;
      entries.push({
        kind: "tool",
        spanId: span.spanId,
        timeUnixNano: String(time),
        name,
        callId,
        request,
        result,
        isError: span.status === "error",
      });
      continue;
    }
    const speaker = speakerOf(span, hasModelMessages);
    const history = told.get(speaker) ?? [];
    told.set(speaker, history);
    if (part === "output") {
      for (const message of span.outputMessages) {
        const mark = fingerprint(message);
        if (!hasModelMessages && history.includes(mark)) continue;
        history.push(mark);
        say(message, span, time);
      }
      continue;
    }
    let reached = 0;
    for (const message of span.inputMessages) {
      const mark = fingerprint(message);
      const before = history.indexOf(mark, reached);
      if (before >= 0) {
        reached = before + 1;
        continue;
      }
      history.push(mark);
      reached = history.length;
      say(message, span, time);
    }
  }

  const known = new Set([...told.values()].flat());
  for (const span of hasModelMessages ? spans.filter(({ kind }) => kind === "agent") : []) {
    for (const message of closingWords(span, known)) say(message, span, BigInt(span.endTimeUnixNano));
  }
  return entries;
}

/**
 * The messages that an agent received after its last model call: those
 * after the last one that is known from a call. Empty when none is known.
 */
function closingWords({ inputMessages }: TalkingSpan, known: ReadonlySet<string>): readonly Message[] {
  const last = inputMessages.findLastIndex((message) => known.has(fingerprint(message)));
  return last < 0 ? [] : inputMessages.slice(last + 1);
}

/** Model calls of one agent continue one another; without a name an agent is known by its instructions. */
function speakerOf(span: TalkingSpan, hasModelMessages: boolean): string {
  if (!hasModelMessages) return "";
  const instructions = span.inputMessages.find((message) => message.role === "system");
  return canonicalJson([span.agent, instructions === undefined ? null : fingerprint(instructions)]);
}
