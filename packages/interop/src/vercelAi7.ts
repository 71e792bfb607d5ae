import { argv } from "node:process";
import { LegacyOpenTelemetry, OpenTelemetry } from "@ai-sdk/otel";
import { experimental_decide as decide, embed, generateText, isStepCount, tool } from "ai";
import { Experimental_DecisionMockModelV4 as MockDecisionModel, MockEmbeddingModelV4, MockLanguageModelV4 } from "ai/test";
import { z } from "zod";
import { tracerProvider } from "./tracerProvider.ts";

// Vercel's AI SDK 7 with its own mock models: steps with a tool, an embedding, and a decision.
// With the argument `legacy` it emits the telemetry of the previous SDK, which has no decisions.
type Answer = Awaited<ReturnType<MockLanguageModelV4["doGenerate"]>>;

const isLegacy = argv.includes("legacy");
const tracer = tracerProvider.getTracer("ai");
const integration = isLegacy
  ? new LegacyOpenTelemetry({ tracer })
  : new OpenTelemetry({ tracer, experimental_decision: true, usage: true });
const telemetry = { isEnabled: true, functionId: "clerk", integrations: [integration] };

const answer = (unified: "stop" | "tool-calls", content: Answer["content"]): Answer => ({
  finishReason: { unified, raw: unified },
  usage: {
    inputTokens: { total: 1_000, noCache: 600, cacheRead: 400, cacheWrite: undefined },
    outputTokens: { total: 100, text: 80, reasoning: 20 },
  },
  warnings: [],
  response: { id: "r", modelId: "gpt-4o-2024-08-06", timestamp: new Date(0) },
  content,
});

const talking = new MockLanguageModelV4({
  provider: "openai.chat",
  modelId: "gpt-4o",
  doGenerate: [
    answer("tool-calls", [
      { type: "text", text: "Let me look." },
      { type: "tool-call", toolCallId: "call_1", toolName: "weather", input: '{"city":"Paris"}' },
    ]),
    answer("stop", [
      { type: "reasoning", text: "hm" },
      { type: "text", text: "It is sunny in Paris." },
    ]),
  ],
});
const weather = tool({ inputSchema: z.object({ city: z.string() }), execute: async () => ({ sky: "sunny" }) });
await generateText({
  model: talking,
  instructions: "Be kind.",
  prompt: "Weather in Paris?",
  stopWhen: isStepCount(3),
  tools: { weather },
  telemetry,
});

const embedding = new MockEmbeddingModelV4({
  provider: "openai.embedding",
  modelId: "text-embedding-3-small",
  doEmbed: { embeddings: [[0.1]], usage: { tokens: 4 }, warnings: [] },
});
await embed({ model: embedding, value: "sunny", telemetry });

if (!isLegacy) {
  const deciding = new MockDecisionModel({
    provider: "openai.decisions",
    modelId: "gpt-4o-mini",
    supportedQuestionTypes: ["boolean"],
    doDecide: async () => ({
      answers: { umbrella: { type: "boolean", probability: 0.1 } },
      usage: { inputTokens: 1_000, outputTokens: 10 },
      warnings: [],
    }),
  });
  await decide({
    model: deciding,
    state: "It is sunny in Paris.",
    questions: { umbrella: { type: "boolean", instructions: "Take an umbrella?" } },
    telemetry,
  });
}
await tracerProvider.shutdown();
