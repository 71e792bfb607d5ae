import type { Random } from "@signalbox/model";
import type { Payload } from "../templates/payload.ts";
import { type AgentCall, aConversation, anAgentCall } from "./agentCall.ts";
import { callTimes } from "./callTimes.ts";
import { type SpanMessage, spanBytes } from "./otlpMessage.ts";
import { type Attribute, SPAN_DIALECTS, type SpanDialectName } from "./spanDialects.ts";

/** Less text than this is not worth a conversation. */
const SAID_CHARACTERS_MIN = 100;

const FAILURE_SHARE = 0.03;
const FAILURE = "upstream timeout: deadline exceeded";

/** The position of the span in its trace. */
interface Position {
  trace: number;
  isRoot: boolean;
  dialect: SpanDialectName;
}

/** A span of about `bytesPerSpan` bytes whose ids are zero and whose times count from zero. */
export function aTemplateSpan(
  { trace, isRoot, dialect }: Position,
  { bytesPerSpan }: Pick<Payload, "bytesPerSpan">,
  random: Random,
): SpanMessage {
  const call = anAgentCall(random, trace);
  const bare = {
    traceId: new Uint8Array(16),
    spanId: new Uint8Array(8),
    parentSpanId: isRoot ? undefined : new Uint8Array(8),
    name: SPAN_DIALECTS[dialect].spanName(call),
    ...callTimes(isRoot, random),
    failure: random() < FAILURE_SHARE ? FAILURE : undefined,
  };
  const withBody = (body: readonly Attribute[]): SpanMessage => ({
    ...bare,
    attributes: [...SPAN_DIALECTS[dialect].attributes(call), ...body],
  });
  const { messages, instead } = SPAN_DIALECTS[dialect];
  const said = saidIn(call, bytesPerSpan, (conversation) => spanBytes(withBody(messages(conversation))), random);
  return withBody(said === undefined ? instead(call) : messages(said));
}

/** As much conversation as fits; undefined where there is almost no room. */
function saidIn(call: AgentCall, bytes: number, bytesWith: (said: ReturnType<typeof aConversation>) => number, random: Random) {
  const characters = bytes - bytesWith(aConversation(call, 0, random));
  return characters < SAID_CHARACTERS_MIN ? undefined : aConversation(call, characters, random);
}
