import { setSession, setTags, setUser, traceAgent, traceTool } from "@arizeai/openinference-core";
import { OpenAIInstrumentation } from "@arizeai/openinference-instrumentation-openai";
import { context } from "@opentelemetry/api";
import OpenAI from "openai";
import { MODEL_URL } from "./settings.ts";
import { tracerProvider } from "./tracerProvider.ts";
import { QUESTION, weatherTalk } from "./weatherTalk.ts";

// Arize's OpenInference: its helpers for agents and tools, and its instrumentation of OpenAI's client.
new OpenAIInstrumentation({ tracerProvider }).manuallyInstrument(OpenAI);
const openai = new OpenAI({ apiKey: "none", baseURL: MODEL_URL });
const weather = traceTool(async (_city: string) => "sunny", { name: "weather" });
const clerk = traceAgent(async (_question: string) => weatherTalk(openai, weather), {
  name: "clerk",
  attributes: { "agent.name": "clerk" },
});

const told = setTags(setUser(setSession(context.active(), { sessionId: "s1" }), { userId: "u1" }), ["a", "b"]);
await context.with(told, async () => {
  await clerk(QUESTION);
  await openai.embeddings.create({ model: "text-embedding-3-small", input: "sunny" });
});
await tracerProvider.shutdown();
