import { createRequire } from "node:module";
import { moment } from "./moment.ts";
import { COLLECTOR_URL, MODEL_URL, UUID_KEY } from "./settings.ts";

// AgentOps 0.1 for JavaScript, which records OpenAI's Agents SDK. It instruments the copy that `require`
// finds from the working directory, so that copy is used here, and requests a token before it sends.
const require = createRequire(import.meta.url);
const { agentops } = require("agentops") as typeof import("agentops");
await agentops.init({
  apiKey: UUID_KEY,
  apiEndpoint: COLLECTOR_URL,
  otlpEndpoint: COLLECTOR_URL,
  serviceName: "shop",
});

const { Agent, OpenAIProvider, Runner, getGlobalTraceProvider, tool } = require("@openai/agents") as typeof import("@openai/agents");
const weather = tool({
  name: "weather",
  description: "The weather of a city",
  parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"], additionalProperties: false },
  strict: true,
  execute: async () => {
    await moment();
    return "sunny";
  },
});
const clerk = new Agent({ name: "clerk", instructions: "Be kind.", model: "gpt-4o", tools: [weather] });
const runner = new Runner({ modelProvider: new OpenAIProvider({ apiKey: "none", baseURL: MODEL_URL, useResponses: true }) });
await runner.run(clerk, "Weather in Paris?");
// Neither SDK can be awaited for its spans; the process ends by itself once the last of them is sent.
await getGlobalTraceProvider().shutdown();
