import { LangfuseSpanProcessor } from "@langfuse/otel";
import { propagateAttributes, startActiveObservation } from "@langfuse/tracing";
import { NodeTracerProvider } from "@opentelemetry/sdk-trace-node";
import { moment } from "./moment.ts";
import { COLLECTOR_URL, KEY_PAIR } from "./settings.ts";

// Langfuse v5: an agent with a generation, an embedding and a tool. It sends OTLP to a route of its own, with its keys as Basic auth.
const processor = new LangfuseSpanProcessor({ baseUrl: COLLECTOR_URL, ...KEY_PAIR });
const provider = new NodeTracerProvider({ spanProcessors: [processor] });
provider.register();

const session = { sessionId: "s1", userId: "u1", tags: ["a", "b"], traceName: "trip" };
await propagateAttributes(session, () =>
  startActiveObservation(
    "trip",
    async (agent) => {
      agent.update({ input: "Weather in Paris?", output: "It is sunny in Paris." });
      const asked = [
        { role: "system", content: "Be kind." },
        { role: "user", content: "Weather in Paris?" },
      ];
      const generation = agent.startObservation("ask", { model: "gpt-4o", input: asked }, { asType: "generation" });
      const call = { id: "call_1", type: "function", function: { name: "weather", arguments: '{"city":"Paris"}' } };
      generation.update({
        output: { role: "assistant", content: null, tool_calls: [call] },
        usageDetails: { input: 600, input_cached_tokens: 400, output: 100, total: 1_100 },
      });
      generation.end();
      await moment();
      const tool = agent.startObservation("weather", { input: { city: "Paris" } }, { asType: "tool" });
      await moment();
      tool.update({ output: "sunny" }).end();
      const last = agent.startObservation("answer", { model: "my-model", input: asked }, { asType: "generation" });
      last.update({ output: "It is sunny in Paris.", usageDetails: { input: 20, output: 5 }, costDetails: { total: 0.25 } }).end();
    },
    { asType: "agent" },
  ),
);
await provider.shutdown();
