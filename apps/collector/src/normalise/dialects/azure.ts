import { KEYS } from "@signalbox/model";
import type { Dialect } from "../dialect.ts";
import { OTEL_GEN_AI } from "./otelGenAi.ts";

/** Azure AI Foundry's SDKs: OpenTelemetry's conventions, plus threads, runs and hosted agents. */
export const AZURE: Dialect = {
  ...OTEL_GEN_AI,
  name: "azure",
  prefixes: ["az.", "gen_ai.thread.", "gen_ai.agent.hosted."],
  texts: {
    ...OTEL_GEN_AI.texts,
    agent: [KEYS.agentName, "gen_ai.agent.id"],
    session: [KEYS.conversationId, "gen_ai.thread.id"],
  },
  kinds: {
    ...OTEL_GEN_AI.kinds,
    start_thread_run: "agent",
    process_thread_run: "agent",
    submit_tool_outputs: "chain",
  },
};
