import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { z } from "zod";

const Asked = z.object({ messages: z.array(z.object({ role: z.string() })).optional(), input: z.unknown().optional() });

const MODEL = "gpt-4o-2024-08-06";
const CALL = { name: "weather", arguments: '{"city":"Paris"}' };
const ANSWER = "It is sunny in Paris.";

/**
 * A stub of OpenAI's API: a chat model, in both APIs, that first asks for the weather in Paris and then reports it, and an embedding model.
 */
export async function startStubModelServer() {
  const server = createServer(async (request, response) => {
    const asked = Asked.parse(JSON.parse(await textOf(request)));
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(answerTo(request.url ?? "", asked)));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
    },
  };
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

function answerTo(path: string, { messages = [], input }: z.infer<typeof Asked>): unknown {
  if (path.endsWith("/embeddings")) return embeddings();
  if (path.endsWith("/responses")) return responses(Array.isArray(input) && input.some((item) => item.type === "function_call_output"));
  return chat(messages.some(({ role }) => role === "tool"));
}

function embeddings() {
  const data = [{ object: "embedding", index: 0, embedding: [0.1] }];
  return { object: "list", model: "text-embedding-3-small", data, usage: { prompt_tokens: 4, total_tokens: 4 } };
}

function chat(knowsTheWeather: boolean) {
  const call = { id: "call_1", type: "function", function: CALL };
  const message = knowsTheWeather ? { content: ANSWER } : { content: null, tool_calls: [call] };
  const choice = {
    index: 0,
    message: { role: "assistant", refusal: null, ...message },
    finish_reason: knowsTheWeather ? "stop" : "tool_calls",
  };
  const usage = {
    prompt_tokens: 1_000,
    completion_tokens: 100,
    total_tokens: 1_100,
    prompt_tokens_details: { cached_tokens: 400 },
    completion_tokens_details: { reasoning_tokens: 20 },
  };
  return { id: "chatcmpl-1", object: "chat.completion", created: 1_763_900_000, model: MODEL, choices: [choice], usage };
}

function responses(knowsTheWeather: boolean) {
  const said = {
    type: "message",
    id: "msg_1",
    role: "assistant",
    status: "completed",
    content: [{ type: "output_text", text: ANSWER, annotations: [] }],
  };
  const called = { type: "function_call", id: "fc_1", call_id: "call_1", status: "completed", ...CALL };
  const usage = {
    input_tokens: 1_000,
    output_tokens: 100,
    total_tokens: 1_100,
    input_tokens_details: { cached_tokens: 400 },
    output_tokens_details: { reasoning_tokens: 20 },
  };
  const id = knowsTheWeather ? "resp_2" : "resp_1";
  return {
    id,
    object: "response",
    created_at: 1_763_900_000,
    status: "completed",
    model: MODEL,
    output: [knowsTheWeather ? said : called],
    tools: [],
    usage,
  };
}
