/**
 * The OTel GenAI attribute keys that we write and read (semantic-conventions-genai
 * v0.1.0), and our own under `signalbox.`. One constant per key.
 */
export const KEYS = {
  serviceName: "service.name",
  serviceVersion: "service.version",
  environment: "deployment.environment.name",
  operation: "gen_ai.operation.name",
  provider: "gen_ai.provider.name",
  requestModel: "gen_ai.request.model",
  responseModel: "gen_ai.response.model",
  agentName: "gen_ai.agent.name",
  conversationId: "gen_ai.conversation.id",
  systemInstructions: "gen_ai.system_instructions",
  inputMessages: "gen_ai.input.messages",
  outputMessages: "gen_ai.output.messages",
  toolName: "gen_ai.tool.name",
  toolCallId: "gen_ai.tool.call.id",
  toolArguments: "gen_ai.tool.call.arguments",
  toolResult: "gen_ai.tool.call.result",
  inputTokens: "gen_ai.usage.input_tokens",
  outputTokens: "gen_ai.usage.output_tokens",
  cachedTokens: "gen_ai.usage.cache_read.input_tokens",
  reasoningTokens: "gen_ai.usage.reasoning.output_tokens",
  promptName: "gen_ai.prompt.name",
  promptVersion: "gen_ai.prompt.version",
  userId: "user.id",
  tags: "signalbox.tags",
  taskId: "signalbox.task.id",
  usageEstimated: "signalbox.usage.estimated",
  variant: "signalbox.variant",
  step: "signalbox.step",
} as const;

/** The OTLP event name of a log record that carries a decision; its body is the JSON text of a `Decision`. */
export const DECISION_EVENT = "signalbox.decision";
