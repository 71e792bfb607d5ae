import { once } from "node:events";
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** The store's appearance through a proxy: unchanged, late, or unreachable. */
export type StoreView = { kind: "open" } | { kind: "slow"; delayMs: number } | { kind: "down" };

/** A proxy to a store that a benchmark can slow down or break. Disposing closes it. */
export interface StoreProxy extends AsyncDisposable {
  /** The store's URL through this proxy. */
  url: string;
  /** Changes the store's appearance from now on; `down` also ends pending requests. */
  show(view: StoreView): void;
}

/** Forwards requests from a port of its own to the store of a URL. It speaks HTTP because the store only answers to its own host name. */
export async function openStoreProxy(storeUrl: string): Promise<StoreProxy> {
  const target = new URL(storeUrl);
  let view: StoreView = { kind: "open" };

  async function pass(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    if (view.kind === "slow") await sleep(view.delayMs);
    if (view.kind === "down") return void incoming.socket.destroy();
    const { method, url: path, headers } = incoming;
    const { hostname, port, host } = target;
    const passed = request({ hostname, port, path, method, headers: { ...headers, host } }, (answer) => {
      answer.on("error", () => outgoing.destroy()).pipe(outgoing.writeHead(answer.statusCode ?? 502, answer.headers));
    });
    passed.on("error", () => incoming.socket.destroy());
    outgoing.on("close", () => passed.destroy());
    incoming.on("error", () => passed.destroy()).pipe(passed);
  }

  const server = createServer((incoming, outgoing) => void pass(incoming, outgoing)).listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = new URL(storeUrl);
  url.port = String((server.address() as AddressInfo).port);
  return {
    url: url.href,
    show(next) {
      view = next;
      if (view.kind === "down") server.closeAllConnections();
    },
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}
