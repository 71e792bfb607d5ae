import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { endWithParent } from "@signalbox/model";
import type { EndpointCounts, EndpointOrder } from "./endpointProcess.ts";

/**
 * A service endpoint as a process: it works on a number of calls at a time, each for a fixed time, and queues the others. `/metrics`
 * reports the numbers of waiting and running calls, as inference servers do. Its parent sets its speed and reads its counts.
 */
let serviceMs = 20;
let atOnceMax = 4;
const waiting: ServerResponse[] = [];
let running = 0;
let counts: EndpointCounts = { calls: 0, byPath: {} };

function work(): void {
  while (running < atOnceMax) {
    const response = waiting.shift();
    if (response === undefined) return;
    running += 1;
    setTimeout(() => {
      running -= 1;
      response.end("{}");
      work();
    }, serviceMs);
  }
}

const server = createServer((request, response) => {
  const path = request.url ?? "/";
  if (path === "/healthz") {
    response.end();
    return;
  }
  if (path === "/metrics") {
    response.end(`vllm:num_requests_waiting ${waiting.length}\nvllm:num_requests_running ${running}\n`);
    return;
  }
  counts.calls += 1;
  counts.byPath[path] = (counts.byPath[path] ?? 0) + 1;
  request.resume();
  waiting.push(response);
  work();
});

process.on("message", (order: EndpointOrder) => {
  if (order.kind === "work") ({ serviceMs, atOnceMax } = order);
  if (order.kind === "count") {
    process.send?.({ kind: "counted", counts });
    counts = { calls: 0, byPath: {} };
  }
});
server.listen(0, "127.0.0.1", () => process.send?.({ kind: "listening", port: (server.address() as AddressInfo).port }));
endWithParent(async () => server.closeAllConnections());
