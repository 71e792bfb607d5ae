import { mix32, type Random } from "@signalbox/model";
import { favouring, pick, seededRandom } from "./seededRandom.ts";
import { zipfText } from "./zipfText.ts";

/** An agent's action in one span, before a convention turns it into attributes. */
export interface AgentCall {
  operation: Operation;
  model: string;
  provider: string;
  inputTokens: number;
  outputTokens: number;
  responseId: string;
  session: string;
  agent: string;
  user: string;
  tool: string;
  server: string;
}

/** The conversation in a span. */
export interface Conversation {
  system: string;
  user: string;
  answer: string;
}

/** The most frequent ones first. */
const OPERATIONS = ["chat", "execute_tool", "invoke_agent", "embeddings"] as const;
export type Operation = (typeof OPERATIONS)[number];

const MODELS = [
  { name: "gpt-5-mini", provider: "openai" },
  { name: "gpt-5", provider: "openai" },
  { name: "claude-sonnet-4-5", provider: "anthropic" },
  { name: "claude-haiku-4-5", provider: "anthropic" },
  { name: "gemini-2.5-flash", provider: "gcp.gemini" },
  { name: "llama-4-70b", provider: "groq" },
  { name: "mistral-large", provider: "mistral_ai" },
  { name: "qwen3-32b", provider: "alibaba" },
];

const AGENTS = 20;
const USERS = 5_000;
const TOOLS = 30;
const SERVERS = 7;

/** Every agent has a system prompt of its own, which all of its spans repeat. */
const SYSTEM_PROMPT_CHARACTERS = 300;
const SYSTEM_PROMPTS = Array.from({ length: AGENTS }, (_, agent) => zipfText(SYSTEM_PROMPT_CHARACTERS, seededRandom(1_000 + agent)));

/** The user's share of the new text in a span. */
const USER_SHARE = 0.38;

/** The call of one span; those of a trace share session, user and agent. */
export function anAgentCall(random: Random, trace: number): AgentCall {
  const { name, provider } = pick(MODELS, favouring(random));
  const ofTrace = mix32(trace);
  return {
    operation: pick(OPERATIONS, favouring(random)),
    model: name,
    provider,
    inputTokens: Math.floor(random() * 4_000),
    outputTokens: Math.floor(random() * 900),
    responseId: `resp_${hex(random)}${hex(random)}${hex(random)}`,
    session: `conv_${ofTrace.toString(16).padStart(8, "0")}`,
    agent: `agent-${ofTrace % AGENTS}`,
    user: `user-${ofTrace % USERS}`,
    tool: `tool-${Math.floor(random() * TOOLS)}`,
    server: `api-${Math.floor(random() * SERVERS)}.example.test`,
  };
}

/** A conversation: the agent's system prompt, and `characters` of text that no other span has. */
export function aConversation({ agent }: AgentCall, characters: number, random: Random): Conversation {
  const userCharacters = Math.round(characters * USER_SHARE);
  return {
    system: SYSTEM_PROMPTS[Number(agent.slice("agent-".length))] ?? "",
    user: zipfText(userCharacters, random),
    answer: zipfText(characters - userCharacters, random),
  };
}

/** Eight hexadecimal digits. */
function hex(random: Random): string {
  return Math.floor(random() * 2 ** 32)
    .toString(16)
    .padStart(8, "0");
}
