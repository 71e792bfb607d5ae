import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";

/** A request to a stand-in. */
export interface Asked {
  method: string;
  path: string;
  // Each stand-in reads its own product's words.
  // biome-ignore lint/suspicious/noExplicitAny: what a client sends is what is under test, and looked at by hand
  body: any;
}

export interface Answered {
  status: number;
  body: unknown;
}

/**
 * A server on loopback that behaves as a product's documentation says. Requests without the key are refused. `asked` are the received ones.
 */
export interface StandIn extends AsyncDisposable {
  url: string;
  asked: Asked[];
}

export const STAND_IN_KEY = "key-of-the-stand-in";

/** Opens a stand-in. `keyOf` finds the key in a request's headers. */
export async function openStandIn(
  keyOf: (request: IncomingMessage) => string | undefined,
  answer: (asked: Asked) => Answered,
): Promise<StandIn> {
  const asked: Asked[] = [];
  const respond = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method = "", url = "" } = request;
    const body = request.headers["content-type"]?.startsWith("application/json") ? await json(request).catch(() => null) : null;
    const call = { method, path: decodeURIComponent(new URL(url, "http://stand-in").pathname), body };
    asked.push(call);
    const { status, body: said } = keyOf(request) === STAND_IN_KEY ? answer(call) : { status: 401, body: { message: "who are you?" } };
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(said));
  };
  const server = createServer((request, response) => void respond(request, response));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

/** A point as stored by a stand-in. */
export interface KeptPoint {
  id: string;
  vector: number[];
  properties: { record: string; attributes: string[] };
}

/** The points that pass, by their cosine with a vector, nearest first. */
export function nearestPoints(
  points: Iterable<KeptPoint>,
  vector: readonly number[],
  limit: number,
  groups: readonly (readonly string[])[],
) {
  const length = (of: readonly number[]): number => Math.hypot(...of);
  const cosine = (of: readonly number[]): number =>
    of.reduce((sum, value, at) => sum + value * (vector[at] ?? 0), 0) / (length(of) * length(vector));
  return [...points]
    .filter(({ properties }) => groups.every((group) => group.some((text) => properties.attributes.includes(text))))
    .map((point) => ({ point, score: cosine(point.vector) }))
    .sort((a, b) => b.score - a.score)
    .slice(0, limit);
}
