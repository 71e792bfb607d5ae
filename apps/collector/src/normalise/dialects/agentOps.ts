import { KEYS } from "@signalbox/model";
import type { Dialect } from "../dialect.ts";
import { OTEL_GEN_AI } from "./otelGenAi.ts";

/**
 * AgentOps 0.4 for Python: its own kinds and payloads, OpenTelemetry's conventions for models. Its model calls, and the tool calls that
 * they ask for, have only the request's type and the call's id as keys of their own.
 */
export const AGENT_OPS: Dialect = {
  ...OTEL_GEN_AI,
  name: "agentops",
  prefixes: ["agentops."],
  marks: ["gen_ai.request.type", "tool.call.id"],
  texts: {
    ...OTEL_GEN_AI.texts,
    agent: ["agent.name", KEYS.agentName],
    toolName: ["tool.name", KEYS.toolName, "agentops.entity.name", "operation.name"],
    toolCallId: ["tool.id", "tool.call.id", KEYS.toolCallId],
  },
  bodies: {
    inputMessages: [
      KEYS.inputMessages,
      "agentops.entity.input",
      "agentops.session.input",
      "agentops.workflow.input",
      "agentops.task.input",
      "agentops.operation.input",
      "agentops.agent.input",
      "agentops.chain.input",
      "agentops.llm.input",
    ],
    outputMessages: [
      KEYS.outputMessages,
      "agentops.entity.output",
      "agentops.session.output",
      "agentops.workflow.output",
      "agentops.task.output",
      "agentops.operation.output",
      "agentops.agent.output",
      "agentops.chain.output",
      "agentops.llm.output",
    ],
    toolArguments: ["tool.parameters", "agentops.tool.input", "agentops.entity.input"],
    toolResult: ["tool.result", "agentops.tool.output", "agentops.entity.output"],
  },
  costUsd: ["gen_ai.usage.total_cost"],
  tags: ["agentops.tags"],
  kindKeys: ["agentops.span.kind", "gen_ai.request.type"],
  kinds: {
    ...OTEL_GEN_AI.kinds,
    session: "chain",
    workflow: "chain",
    "workflow.step": "chain",
    task: "chain",
    operation: "chain",
    chain: "chain",
    agent: "agent",
    "agent.action": "chain",
    "agent.thinking": "chain",
    "agent.decision": "chain",
    tool: "tool",
    llm: "llm",
    "llm.call": "llm",
    text: "llm",
    completion: "llm",
    embedding: "embedding",
    guardrail: "guardrail",
  },
};

/**
 * AgentOps 0.1 for JavaScript, which records the traces of OpenAI's Agents SDK and names no kind: keys that only an agent, a guardrail or a
 * model call has tell them apart. Its counts are texts.
 */
export const AGENT_OPS_JS: Dialect = {
  ...OTEL_GEN_AI,
  name: "agentops",
  prefixes: ["openai_agents."],
  texts: { ...OTEL_GEN_AI.texts, agent: ["agent.name"], toolName: ["function.name"] },
  bodies: { inputMessages: ["response.input"], toolArguments: ["function.input"], toolResult: ["function.output"] },
  kindKeys: ["agent.output_type", "guardrail.triggered", "gen_ai.prompt.0.role"],
  kinds: {
    text: "agent",
    zodoutput: "agent",
    true: "guardrail",
    false: "guardrail",
    system: "llm",
    developer: "llm",
    user: "llm",
    assistant: "llm",
  },
};
