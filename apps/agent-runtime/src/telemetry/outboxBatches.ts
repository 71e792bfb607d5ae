import type { Answer } from "./otlpExport.ts";

/** Something to send: the id of its outbox row, its position in the journal, and its approximate size in bytes. */
export type OutboxItem<Item> = { id: bigint; position: number; item: Item; bytes: number };

/** The result of sending: an item in neither list is to be sent again. */
export type Sent<Item> = { delivered: readonly OutboxItem<Item>[]; refused: readonly { item: OutboxItem<Item>; reason: string }[] };

/** The most that goes into one request, in bytes before encoding. */
const REQUEST_BYTES_MAX = 4_000_000;

/** Packs items into requests of at most `REQUEST_BYTES_MAX`; a larger item goes alone. */
export function packRequests<Item>(items: readonly OutboxItem<Item>[]): OutboxItem<Item>[][] {
  const requests: OutboxItem<Item>[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const item of items) {
    if (bytes + item.bytes > REQUEST_BYTES_MAX) {
      requests.push([]);
      bytes = 0;
    }
    requests.at(-1)?.push(item);
    bytes += item.bytes;
  }
  return requests;
}

/** Sends one request. If it is refused for good, its halves are tried, so that one bad item does not block the others. */
async function sendRequest<Item>(items: readonly OutboxItem<Item>[], send: (items: Item[]) => Promise<Answer>): Promise<Sent<Item>> {
  const answer = await send(items.map(({ item }) => item));
  if (answer.kind === "accepted") return { delivered: items, refused: [] };
  if (answer.kind === "unavailable") return { delivered: [], refused: [] };
  if (items.length === 1) return { delivered: [], refused: items.map((item) => ({ item, reason: answer.reason })) };
  const middle = Math.ceil(items.length / 2);
  return joinSent([await sendRequest(items.slice(0, middle), send), await sendRequest(items.slice(middle), send)]);
}

function joinSent<Item>(sent: readonly Sent<Item>[]): Sent<Item> {
  return { delivered: sent.flatMap(({ delivered }) => delivered), refused: sent.flatMap(({ refused }) => refused) };
}

/** Sends items, several to a request. */
export async function sendItems<Item>(items: readonly OutboxItem<Item>[], send: (items: Item[]) => Promise<Answer>): Promise<Sent<Item>> {
  const sent: Sent<Item>[] = [];
  for (const request of packRequests(items)) sent.push(await sendRequest(request, send));
  return joinSent(sent);
}
