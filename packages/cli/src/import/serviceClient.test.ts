import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import { afterEach, expect, test } from "vitest";
import { z } from "zod";
import { ServiceClient } from "./serviceClient.ts";

const servers: Server[] = [];
const Answer = z.object({ body: z.string() });

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, "127.0.0.1");
  servers.push(server);
  await once(server, "listening");
  const address = server.address();
  return `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
}

afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

const client = (url: string, patienceMs: number) => new ServiceClient("gateway", url, { patienceMs, signal: new AbortController().signal });

test("asks again when the part is busy, restarting or cut off, until it answers", async () => {
  const answers: ((...given: Parameters<RequestListener>) => void)[] = [
    (_request, response) => response.writeHead(429).end("{}"),
    (_request, response) => response.writeHead(503).end("not json"),
    (request) => request.socket.destroy(),
    (_request, response) => response.end('{"body":"at last"}'),
  ];
  const url = await serve((request, response) => answers.shift()?.(request, response));
  expect(await client(url, 10_000).request({ method: "GET", path: "/", answer: Answer })).toEqual({ body: "at last" });
});

test("passes a refusal on in the part's own words, without asking again", async () => {
  let asked = 0;
  const url = await serve((_request, response) => {
    asked++;
    response.writeHead(400).end('{"error":{"code":"invalid_input","message":"The message is empty.","hint":"Say something."}}');
  });
  await expect(client(url, 10_000).request({ method: "POST", path: "/", body: {}, answer: Answer })).rejects.toMatchObject({
    code: "invalid_input",
    message: "The gateway refused a request: The message is empty.",
    hint: "Say something.",
  });
  expect(asked).toBe(1);
});

test("says which part does not answer once its patience is at an end", async () => {
  const url = await serve((_request, response) => response.writeHead(503).end("{}"));
  await expect(client(url, 200).request({ method: "GET", path: "/", answer: Answer })).rejects.toMatchObject({
    code: "upstream_unavailable",
    message: expect.stringContaining("The gateway has not answered"),
  });
});
