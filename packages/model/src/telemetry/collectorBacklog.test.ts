import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { collectorBacklog } from "./collectorBacklog.ts";
import { METRICS } from "./reconciliation.ts";

test("a collector is asked also by a URL with credentials, and what does not answer has an unknown backlog", async () => {
  const server = createServer((_request, response) => response.end(`${METRICS.readableUntilSeconds} 7\n`)).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  expect((await collectorBacklog(`http://user:secret@127.0.0.1:${port}`)).readableUntilMs).toBe(7_000);
  server.closeAllConnections();
  server.close();
  await once(server, "close");
  expect((await collectorBacklog(`http://127.0.0.1:${port}`)).readableUntilMs).toBeNull();
});
