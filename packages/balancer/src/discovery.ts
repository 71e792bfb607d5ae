import { lookup } from "node:dns/promises";
import { isIPv6 } from "node:net";
import type { Endpoint, EndpointSource } from "./endpoint.ts";

/** The addresses of a name. */
export type Resolve = (host: string) => Promise<string[]>;

/** The addresses of a name as the machine resolves it: by its hosts file, and DNS. */
export const resolveHost: Resolve = async (host) => (await lookup(host, { all: true })).map(({ address }) => address);

/**
 * Finds the endpoints of all sources, each once, in an order that does not change from one time to the next. Of a name
 * that cannot be resolved now the addresses of before stand, none the first time, and `unresolved` is called.
 */
export function openDiscovery(
  sources: readonly EndpointSource[],
  resolve: Resolve,
  unresolved: (host: string, error: unknown) => void,
): () => Promise<Endpoint[]> {
  const known = new Map<string, Endpoint[]>();
  const namesNow = async (source: Extract<EndpointSource, { kind: "name" }>): Promise<Endpoint[]> => {
    const name = `${source.host}:${source.port}`;
    try {
      known.set(name, await addressesOf(source, resolve));
    } catch (error) {
      unresolved(source.host, error);
    }
    return known.get(name) ?? [];
  };
  return async () => {
    const found = await Promise.all(sources.map((source) => (source.kind === "address" ? [source.endpoint] : namesNow(source))));
    const byUrl = new Map(found.flat().map((endpoint) => [endpoint.url, endpoint]));
    return [...byUrl.values()].sort((one, other) => (one.url < other.url ? -1 : 1));
  };
}

async function addressesOf(source: Extract<EndpointSource, { kind: "name" }>, resolve: Resolve): Promise<Endpoint[]> {
  const { protocol, host, port, labels } = source;
  const addresses = await resolve(host);
  return addresses.map((address) => ({
    url: new URL(`${protocol}//${isIPv6(address) ? `[${address}]` : address}:${port}`).origin,
    labels,
  }));
}
