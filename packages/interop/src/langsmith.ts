import { env } from "node:process";
import { Client } from "langsmith";
import { initializeOTEL } from "langsmith/experimental/otel/setup";
import { getCurrentRunTree, traceable } from "langsmith/traceable";
import { wrapOpenAI } from "langsmith/wrappers";
import OpenAI from "openai";
import { COLLECTOR_URL, MODEL_URL, TOKEN } from "./settings.ts";
import { QUESTION, weatherTalk } from "./weatherTalk.ts";

// LangSmith for JavaScript: traceable functions, and its wrapper of OpenAI's client, in its OpenTelemetry mode.
Object.assign(env, {
  LANGSMITH_TRACING: "true",
  LANGSMITH_OTEL_ENABLED: "true",
  LANGSMITH_ENDPOINT: COLLECTOR_URL,
  LANGSMITH_API_KEY: TOKEN,
});
const { DEFAULT_LANGSMITH_SPAN_PROCESSOR: processor } = initializeOTEL();
const client = new Client();

const openai = wrapOpenAI(new OpenAI({ apiKey: "none", baseURL: MODEL_URL }), { client });
const weather = traceable(async (_city: string) => "sunny", { name: "weather", run_type: "tool", client });
let clerkId = "";
async function talk(_question: string): Promise<unknown> {
  clerkId = getCurrentRunTree().id;
  return await weatherTalk(openai, weather);
}
const clerk = traceable(talk, {
  name: "clerk",
  metadata: { session_id: "s1", user_id: "u1" },
  tags: ["a", "b"],
  project_name: "shop",
  client,
});

await clerk(QUESTION);
await client.awaitPendingTraceBatches();
await processor.forceFlush();
await client.createFeedback(clerkId, "liked", { score: 1, comment: "kind", sessionId: clerkId });
