import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A service on loopback that answers as told: with a status and text, or by keeping the response, and with what it says of itself. */
export async function openStubEndpoint(
  answer: (response: ServerResponse, path: string) => void,
  metrics: () => string | undefined = () => "",
) {
  let calls = 0;
  const server = createServer((request, response) => {
    request.resume();
    if (request.url !== "/metrics") {
      calls += 1;
      return answer(response, request.url ?? "");
    }
    const text = metrics();
    if (text !== undefined) response.end(text);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const kill = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return {
    url: `http://127.0.0.1:${port}`,
    calls: () => calls,
    kill,
    [Symbol.asyncDispose]: kill,
  };
}
