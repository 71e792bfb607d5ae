import { lookup } from "node:dns/promises";
import { isIPv6 } from "node:net";
import type { Endpoint, EndpointSource } from "./endpoint.ts";

/** The addresses of a name. */
export type Resolve = (host: string) => Promise<string[]>;

/** The addresses of a name as the machine resolves it: by its hosts file, and DNS. */
export const resolveHost: Resolve = async (host) => (await lookup(host, { all: true })).map(({ address }) => address);

/** The endpoints of all sources now, each once, in an order that does not change from one time to the next. */
export async function endpointsOf(sources: readonly EndpointSource[], resolve: Resolve): Promise<Endpoint[]> {
  const found = await Promise.all(sources.map((source) => (source.kind === "address" ? [source.endpoint] : addressesOf(source, resolve))));
  const byUrl = new Map(found.flat().map((endpoint) => [endpoint.url, endpoint]));
  return [...byUrl.values()].sort((one, other) => (one.url < other.url ? -1 : 1));
}

async function addressesOf(source: Extract<EndpointSource, { kind: "name" }>, resolve: Resolve): Promise<Endpoint[]> {
  const { protocol, host, port, labels } = source;
  const addresses = await resolve(host);
  return addresses.map((address) => ({
    url: new URL(`${protocol}//${isIPv6(address) ? `[${address}]` : address}:${port}`).origin,
    labels,
  }));
}
