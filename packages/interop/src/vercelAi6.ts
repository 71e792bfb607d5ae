import { embed, generateObject, generateText, stepCountIs, streamText, tool } from "ai6";
import { MockEmbeddingModelV3, MockLanguageModelV3, simulateReadableStream } from "ai6/test";
import { z } from "zod";
import { tracerProvider } from "./tracerProvider.ts";

// Vercel's AI SDK 6 with its own mock models: steps with a tool, an object, a stream, an embedding.
type Answer = Awaited<ReturnType<MockLanguageModelV3["doGenerate"]>>;

const usage: Answer["usage"] = {
  inputTokens: { total: 1_000, noCache: 600, cacheRead: 400, cacheWrite: undefined },
  outputTokens: { total: 100, text: 80, reasoning: 20 },
};
const answer = (unified: "stop" | "tool-calls", content: Answer["content"]): Answer => ({
  finishReason: { unified, raw: unified },
  usage,
  warnings: [],
  response: { id: "r", modelId: "gpt-4o-2024-08-06", timestamp: new Date(0) },
  content,
});
const gpt4o = { provider: "openai.chat", modelId: "gpt-4o" };
const telemetry = {
  isEnabled: true,
  functionId: "clerk",
  metadata: { sessionId: "s1", userId: "u1", tags: ["a", "b"] },
  tracer: tracerProvider.getTracer("ai"),
};

const call = { type: "tool-call" as const, toolCallId: "call_1", toolName: "weather", input: '{"city":"Paris"}' };
const talking = new MockLanguageModelV3({
  ...gpt4o,
  doGenerate: [
    answer("tool-calls", [call]),
    answer("stop", [
      { type: "reasoning", text: "hm" },
      { type: "text", text: "It is sunny in Paris." },
    ]),
  ],
});
const weather = tool({ inputSchema: z.object({ city: z.string() }), execute: async () => ({ sky: "sunny" }) });
await generateText({
  model: talking,
  system: "Be kind.",
  prompt: "Weather in Paris?",
  stopWhen: stepCountIs(3),
  tools: { weather },
  experimental_telemetry: telemetry,
});

const structured = new MockLanguageModelV3({ ...gpt4o, doGenerate: answer("stop", [{ type: "text", text: '{"sky":"sunny"}' }]) });
const asked = [{ role: "user" as const, content: [{ type: "text" as const, text: "Weather?" }] }];
await generateObject({ model: structured, schema: z.object({ sky: z.string() }), messages: asked, experimental_telemetry: telemetry });

const chunks = [
  { type: "text-start" as const, id: "1" },
  { type: "text-delta" as const, id: "1", delta: "Hi." },
  { type: "text-end" as const, id: "1" },
  { type: "finish" as const, finishReason: { unified: "stop" as const, raw: "stop" }, usage },
];
const streaming = new MockLanguageModelV3({ ...gpt4o, doStream: { stream: simulateReadableStream({ chunks }) } });
await streamText({ model: streaming, prompt: "Hello", experimental_telemetry: telemetry }).consumeStream();

const embedding = new MockEmbeddingModelV3({
  provider: "openai.embedding",
  modelId: "text-embedding-3-small",
  doEmbed: { embeddings: [[0.1]], usage: { tokens: 4 }, warnings: [] },
});
await embed({ model: embedding, value: "sunny", experimental_telemetry: telemetry });
await tracerProvider.shutdown();
