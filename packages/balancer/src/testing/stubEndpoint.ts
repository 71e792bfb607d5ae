import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/**
 * A service on loopback that answers as told, or holds the response; `isSilent`
 * makes it answer no probes either, `metrics` is its report of its load.
 */
export async function openStubEndpoint(
  answer: (response: ServerResponse, path: string) => void,
  isSilent: () => boolean = () => false,
  metrics: () => string = () => "",
) {
  let calls = 0;
  const server = createServer((request, response) => {
    request.resume();
    if (!["/healthz", "/metrics"].includes(request.url ?? "")) {
      calls += 1;
      return answer(response, request.url ?? "");
    }
    if (!isSilent()) response.end(request.url === "/metrics" ? metrics() : "");
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
