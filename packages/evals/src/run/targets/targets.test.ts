import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import type { Question } from "../target.ts";
import { commandTarget } from "./commandTarget.ts";
import { httpTarget } from "./httpTarget.ts";

const KEY = "00000000-0000-8000-8000-000000000001";
const question = (signal = new AbortController().signal): Question => ({
  item: { id: "i1", input: { city: "Oslo" }, expectedOutput: null, expectedToolCalls: null, expectedState: null, metadata: {} },
  trial: 0,
  key: KEY,
  traceparent: `00-${"a".repeat(32)}-${"b".repeat(16)}-01`,
  signal,
});

async function serve(listener: RequestListener): Promise<{ url: string } & AsyncDisposable> {
  const server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
    },
  };
}

test("a URL is told key, item, trial and input, and may tell more than its output", async () => {
  const seen: unknown[] = [];
  await using server = await serve(async (request, response) => {
    seen.push(request.headers["idempotency-key"], request.headers.traceparent, JSON.parse((await request.toArray()).join("")));
    response.end(JSON.stringify({ output: "cold", tokens: 7, toolCalls: [{ name: "look", arguments: {} }], mood: "fine" }));
  });
  expect(await httpTarget(server.url).ask(question())).toMatchObject({
    output: "cold",
    tokens: 7,
    costUsd: null,
    toolCalls: [{ name: "look" }],
  });
  expect(seen).toEqual([KEY, question().traceparent, { key: KEY, item: "i1", trial: 0, input: { city: "Oslo" } }]);
});

test("a URL is asked with the headers that are given, and one with a password or what is no header is refused unasked", async () => {
  const seen: unknown[] = [];
  await using server = await serve((request, response) => {
    seen.push(request.headers.authorization, request.headers["idempotency-key"]);
    response.end("fine");
  });
  await httpTarget(server.url, { authorization: "Bearer hidden", "idempotency-key": "of mine" }).ask(question());
  expect(seen).toEqual(["Bearer hidden", KEY]);
  const refused = (url: string, headers = {}) => {
    try {
      httpTarget(url, headers);
    } catch (error) {
      return error;
    }
  };
  expect(refused("http://ann:hidden@127.0.0.1/")).toMatchObject({ code: "invalid_input", message: expect.not.stringContaining("hidden") });
  expect(refused(server.url, { a: "hid\nhidden" })).toMatchObject({
    code: "invalid_input",
    message: expect.not.stringContaining("hidden"),
  });
  expect(refused("http://")).toMatchObject({ message: "The target http:// is no URL." });
});

test("a URL that nobody serves, or that answers 503, is down; 500 is a failure of the item, and 401 of who asks", async () => {
  let status = 503;
  const server = await serve((_request, response) => response.writeHead(status).end("oh"));
  await expect(httpTarget(server.url).ask(question())).rejects.toMatchObject({ code: "upstream_unavailable" });
  status = 500;
  await expect(httpTarget(server.url).ask(question())).rejects.toThrow("it answered 500: oh");
  status = 401;
  await expect(httpTarget(server.url).ask(question())).rejects.toMatchObject({ code: "unauthenticated" });
  await expect(httpTarget(server.url, {}, true).ask(question())).rejects.toThrow("it answered 401: oh");
  await server[Symbol.asyncDispose]();
  await expect(httpTarget(server.url).ask(question())).rejects.toMatchObject({ code: "upstream_unavailable" });
});

test("a URL that breaks off each time fails the item", async () => {
  let asked = 0;
  await using server = await serve((request) => {
    asked += 1;
    request.socket.destroy();
  });
  await expect(httpTarget(server.url).ask(question())).rejects.toThrow("it broke off 3 times");
  expect(asked).toBe(3);
});

test("a command reads its question and writes its answer", async () => {
  const reply = await commandTarget(
    `node -p 'JSON.parse(require("fs").readFileSync(0)).input.city + process.env.SIGNALBOX_IDEMPOTENCY_KEY'`,
  ).ask(question());
  expect(reply.output).toBe(`Oslo${KEY}`);
  expect((await commandTarget(`echo '{"output": 3, "costUsd": 0.1}'`).ask(question())).costUsd).toBe(0.1);
});

test("a command that ends badly fails the item, and one that is not there cannot be asked at all", async () => {
  await expect(commandTarget("echo sorry >&2; exit 3").ask(question())).rejects.toThrow("it ended with exit code 3: sorry");
  await expect(commandTarget("no-such-program-anywhere").ask(question())).rejects.toMatchObject({ code: "invalid_input" });
  await expect(commandTarget(`echo '{"output": 1, "tokens": -1}'`).ask(question())).rejects.toThrow("its answer cannot be read");
});

test("an answer that is too long, or no text, fails the item", async () => {
  await expect(commandTarget("head -c 10485761 /dev/zero").ask(question())).rejects.toThrow("its answer is longer than 10 MiB");
  await expect(commandTarget("yes").ask(question())).rejects.toThrow("its answer is longer than 10 MiB");
  await expect(commandTarget("printf '\\377\\376'").ask(question())).rejects.toThrow("its answer is not UTF-8");
  await using long = await serve((_request, response) => response.end("x".repeat(10 * 1024 * 1024 + 1)));
  await expect(httpTarget(long.url).ask(question())).rejects.toThrow("its answer is longer than 10 MiB");
  await using strange = await serve((_request, response) => response.end(Buffer.from([0x22, 0xff, 0x22])));
  await expect(httpTarget(strange.url).ask(question())).rejects.toThrow("its answer is not UTF-8");
});

test("a command that is late is killed with all that it started", async () => {
  const startedAt = performance.now();
  await expect(commandTarget("sleep 30 & sleep 30").ask(question(AbortSignal.timeout(100)))).rejects.toThrow("it ended with SIGKILL");
  expect(performance.now() - startedAt).toBeLessThan(10_000);
});
