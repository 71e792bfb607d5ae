import { hasOnly, isStruct, type Struct } from "./messageParts.ts";

/** Content, and the role of its speaker where the content does not name one. */
interface Said {
  role: string;
  value: unknown;
}

/** The messages in a model's request or answer, in order; null where `value` is neither. */
export function conversationOf(value: Struct, role: string): readonly Said[] | null {
  for (const read of READERS) {
    const conversation = read(value, role);
    if (conversation !== null) return conversation;
  }
  return null;
}

type Reader = (value: Struct, role: string) => readonly Said[] | null;

const READERS: readonly Reader[] = [
  // OpenAI, Anthropic, Vercel, LangChain, Genkit: {system?, messages}, {system?, prompt}
  ({ system, messages }, role) => (Array.isArray(messages) ? [...instructions(system), { role, value: messages }] : null),
  ({ system, prompt, ...rest }) =>
    prompt !== undefined && hasOnly(rest, "model") ? [...instructions(system), { role: "user", value: prompt }] : null,
  // OpenAI's chat answer: {choices: [{message | text, finish_reason}]}
  ({ choices }) => eachOf(choices, (choice) => finished(choice.message ?? choice.text, choice.finish_reason)),
  ({ message, finish_reason: reason, index }) =>
    isStruct(message) && index !== undefined ? [{ role: "assistant", value: finished(message, reason) }] : null,
  // OpenAI's Responses API: {instructions?, input, model}, {output}
  ({ instructions: system, input, model }) =>
    input !== undefined && model !== undefined ? [...instructions(system), { role: "user", value: input }] : null,
  ({ output, object }) => (object === "response" ? [{ role: "assistant", value: output }] : null),
  // Gemini: {systemInstruction?, contents}, {candidates: [{content, finishReason}]}
  ({ contents, systemInstruction, system_instruction: system = systemInstruction }) =>
    contents === undefined ? null : [...instructions(isStruct(system) ? system.parts : system), { role: "user", value: contents }],
  ({ candidates }) => eachOf(candidates, (candidate) => finished(candidate.content, candidate.finishReason)),
  // LangChain's answer: {generations: [[{text, message}]]}
  ({ generations }) => eachOf(Array.isArray(generations) ? generations.flat() : generations, ({ message, text }) => message ?? text),
  // The state update of a LangGraph node: {graph, update: {messages}}
  ({ update }, role) => (isStruct(update) && Array.isArray(update.messages) ? [{ role, value: update.messages }] : null),
  // A function call as OpenLLMetry and AgentOps write it: {args, kwargs}
  ({ args, kwargs, ...rest }, role) =>
    Array.isArray(args) && hasOnly(rest)
      ? [
          ...args.map((value: unknown) => ({ role, value })),
          ...(isStruct(kwargs) && Object.keys(kwargs).length > 0 ? [{ role, value: kwargs }] : []),
        ]
      : null,
  // A chain's lone input or output, a lone message
  (value, role) => {
    const [only, ...others] = Object.entries(value).filter(([, member]) => member !== null && member !== undefined);
    return only !== undefined && others.length === 0 && ["input", "output", "outputs", "message"].includes(only[0])
      ? [{ role, value: only[1] }]
      : null;
  },
  // Genkit's answer: {message, finishReason, …}
  ({ message, finishReason, ...rest }) =>
    isStruct(message) && hasOnly(rest, "usage", "custom", "request", "latencyMs")
      ? [{ role: "assistant", value: finished(message, finishReason) }]
      : null,
];

function instructions(value: unknown): Said[] {
  return value === undefined || value === null || value === "" ? [] : [{ role: "system", value }];
}

function eachOf(list: unknown, saidIn: (item: Struct) => unknown): Said[] | null {
  return Array.isArray(list) && list.length > 0 && list.every(isStruct)
    ? list.map((item) => ({ role: "assistant", value: saidIn(item) }))
    : null;
}

/** A message with the finish reason that stands beside it. */
function finished(message: unknown, reason: unknown): unknown {
  return isStruct(message) && typeof reason === "string" ? { finish_reason: reason, ...message } : message;
}
