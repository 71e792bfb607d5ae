import { lookup } from "node:dns/promises";
import { isIPv6 } from "node:net";
import type { Endpoint, EndpointSource } from "./endpoint.ts";

/** Resolves a host name to addresses. */
export type Resolve = (host: string) => Promise<string[]>;

/** Resolves a name as the machine does: by its hosts file, and DNS. */
export const resolveHost: Resolve = async (host) => (await lookup(host, { all: true })).map(({ address }) => address);

/**
 * Finds the endpoints of all sources, without duplicates, in a stable order. A name that cannot
 * be resolved keeps its previous addresses, none the first time, and `unresolved` is called.
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
