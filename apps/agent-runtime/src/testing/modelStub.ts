import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";

/** A request that the model received. */
export type AskedModel = {
  body: { model: string; messages: { role: string; content: string | null }[]; tools?: unknown[] };
  authorization: string | undefined;
};

/** Token usage that the stub reports. */
export type StubUsage = { prompt_tokens: number; completion_tokens: number; [detail: string]: unknown };

/**
 * The stub's answer to one request: text and tool calls (streamed; with `wordEveryMs`, one word per that many milliseconds), a refusal, a
 * body that is not a completion, an answer that breaks off in the middle, or none at all. `usage` null leaves the usage out.
 */
export type StubAnswer =
  | {
      kind: "says";
      content?: string;
      calls?: readonly { name: string; arguments: string }[];
      finish?: string;
      usage?: StubUsage | null;
      wordEveryMs?: number;
    }
  | { kind: "refuses"; status: number; message: string; headers?: Record<string, string> }
  | { kind: "babbles"; body: string }
  | { kind: "breaks_off"; content: string }
  | { kind: "ends_early"; content: string }
  | { kind: "hangs" };

const USAGE: StubUsage = { prompt_tokens: 100, completion_tokens: 20 };

/** The model name that the stub reports. */
export const STUB_MODEL = "gpt-4o-mini-2024-07-18";

function chunk(delta: object, finish: string | null = null): object {
  return {
    id: "chatcmpl-stub",
    object: "chat.completion.chunk",
    created: 0,
    model: STUB_MODEL,
    choices: [{ index: 0, delta, finish_reason: finish }],
  };
}

/** Splits a text into two parts, since models stream theirs in parts. */
function halves(text: string): string[] {
  const middle = Math.ceil(text.length / 2);
  return [text.slice(0, middle), text.slice(middle)];
}

function chunksOf({ content = "", calls = [], finish, usage = USAGE, wordEveryMs }: Extract<StubAnswer, { kind: "says" }>): object[] {
  const parts = wordEveryMs === undefined ? halves(content) : content.split(/(?= )/);
  const words = content === "" ? [] : parts.map((part) => chunk({ content: part }));
  const asked = calls.flatMap(({ name, arguments: given }, index) => [
    chunk({ tool_calls: [{ index, id: `call_stub_${index}`, type: "function", function: { name, arguments: "" } }] }),
    ...halves(given).map((part) => chunk({ tool_calls: [{ index, function: { arguments: part } }] })),
  ]);
  const end = chunk({}, finish ?? (calls.length > 0 ? "tool_calls" : "stop"));
  return [
    chunk({ role: "assistant", content: "" }),
    ...words,
    ...asked,
    end,
    ...(usage === null ? [] : [{ ...chunk({}), choices: [], usage }]),
  ];
}

function stream(response: ServerResponse, chunks: readonly object[]): void {
  response.writeHead(200, { "content-type": "text/event-stream" });
  for (const part of chunks) response.write(`data: ${JSON.stringify(part)}\n\n`);
}

async function streamSlowly(response: ServerResponse, chunks: readonly object[], everyMs: number): Promise<void> {
  response.writeHead(200, { "content-type": "text/event-stream" });
  for (const part of chunks) {
    response.write(`data: ${JSON.stringify(part)}\n\n`);
    await delay(everyMs);
  }
}

async function answerWith(response: ServerResponse, answer: StubAnswer): Promise<void> {
  switch (answer.kind) {
    case "says":
      if (answer.wordEveryMs === undefined) stream(response, chunksOf(answer));
      else await streamSlowly(response, chunksOf(answer), answer.wordEveryMs);
      response.end("data: [DONE]\n\n");
      return;
    case "refuses":
      response.writeHead(answer.status, { "content-type": "application/json", ...answer.headers });
      response.end(JSON.stringify({ error: { message: answer.message, type: "stub", code: null } }));
      return;
    case "babbles":
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.end(answer.body);
      return;
    case "breaks_off":
      stream(response, [chunk({ content: answer.content })]);
      // Destroy only once the part has been flushed, or nothing of it would arrive.
      response.write("\n", () => response.destroy());
      return;
    case "ends_early":
      stream(response, [chunk({ content: answer.content })]);
      response.end();
      return;
    case "hangs":
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write(": still thinking\n\n");
      return;
  }
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const part of request) chunks.push(part);
  return Buffer.concat(chunks).toString("utf8");
}

/**
 * A server for OpenAI's chat completions, streamed. `answer` gives the answer to each request; `place` counts requests from 0. `givenUp`
 * counts requests whose client left before the answer.
 */
export async function openModelStub(answer: (asked: AskedModel, place: number) => StubAnswer) {
  const asked: AskedModel[] = [];
  let givenUp = 0;
  const server = createServer(async (request, response) => {
    const received = { body: JSON.parse(await readBody(request)), authorization: request.headers.authorization };
    asked.push(received);
    response.once("close", () => {
      if (!response.writableEnded) givenUp += 1;
    });
    await answerWith(response, answer(received, asked.length - 1));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    asked,
    givenUp: () => givenUp,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Gives the answers one after the other, and then repeats the last one. */
export function inTurn(...answers: readonly StubAnswer[]): (asked: AskedModel, place: number) => StubAnswer {
  return (_asked, place) => answers[Math.min(place, answers.length - 1)] ?? { kind: "hangs" };
}
