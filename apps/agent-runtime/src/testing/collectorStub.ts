import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A request that the collector received. */
export type Sent = { path: string; body: Buffer; authorization: string | undefined };

/** A stub collector: it keeps the requests it receives and answers with the status that `answer` returns. */
export async function openCollectorStub(answer: (sent: Sent) => number) {
  const sent: Sent[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const received = { path: request.url ?? "", body: Buffer.concat(chunks), authorization: request.headers.authorization };
    const status = answer(received);
    if (status === 200) sent.push(received);
    response.writeHead(status, { "content-type": "application/x-protobuf" }).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    sent,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
