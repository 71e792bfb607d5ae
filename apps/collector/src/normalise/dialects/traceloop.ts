import { KEYS } from "@signalbox/model";
import type { Dialect } from "../dialect.ts";
import { OTEL_GEN_AI } from "./otelGenAi.ts";

/**
 * OpenLLMetry (Traceloop): its own workflows, tasks, agents and tools, and OpenTelemetry's conventions for models. The Python
 * instrumentations' input count includes cached tokens, even for Anthropic.
 */
export const TRACELOOP: Dialect = {
  ...OTEL_GEN_AI,
  name: "traceloop",
  prefixes: ["traceloop."],
  marks: ["llm.request.type", "llm.usage.total_tokens"],
  texts: {
    ...OTEL_GEN_AI.texts,
    session: [
      "traceloop.association.properties.session_id",
      "traceloop.association.properties.thread_id",
      "traceloop.association.properties.conversation_id",
      KEYS.conversationId,
    ],
    user: ["traceloop.association.properties.user_id"],
    promptName: ["traceloop.prompt.key", KEYS.promptName],
    promptVersion: ["traceloop.prompt.version", KEYS.promptVersion],
    toolName: [KEYS.toolName, "traceloop.entity.name"],
  },
  bodies: {
    systemMessages: [KEYS.systemInstructions],
    inputMessages: [KEYS.inputMessages, "traceloop.entity.input", "gen_ai.guardrail.input"],
    outputMessages: [KEYS.outputMessages, "traceloop.entity.output", "gen_ai.guardrail.output"],
    toolArguments: [KEYS.toolArguments, "traceloop.entity.input"],
    toolResult: [KEYS.toolResult, "traceloop.entity.output"],
  },
  kindKeys: ["traceloop.span.kind", "llm.request.type"],
  kinds: {
    ...OTEL_GEN_AI.kinds,
    workflow: "chain",
    task: "chain",
    agent: "agent",
    tool: "tool",
    completion: "llm",
    embedding: "embedding",
    guardrail: "guardrail",
    "guardrail.run": "guardrail",
    guard: "guardrail",
  },
};
