import type { Answer } from "./otlpExport.ts";

/** Something to send: the outbox row that owes it, its place in the journal, and about how much it weighs. */
export type Parcel<Item> = { id: bigint; position: number; item: Item; bytes: number };

/** What came of sending: a parcel in neither list is to be sent again. */
export type Sent<Item> = { delivered: readonly Parcel<Item>[]; refused: readonly { parcel: Parcel<Item>; reason: string }[] };

/** The most that goes into one request, in bytes before encoding. */
const REQUEST_BYTES_MAX = 4_000_000;

/** Packs parcels into requests of at most `REQUEST_BYTES_MAX`; one that is larger goes alone. */
export function packRequests<Item>(parcels: readonly Parcel<Item>[]): Parcel<Item>[][] {
  const requests: Parcel<Item>[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const parcel of parcels) {
    if (bytes + parcel.bytes > REQUEST_BYTES_MAX) {
      requests.push([]);
      bytes = 0;
    }
    requests.at(-1)?.push(parcel);
    bytes += parcel.bytes;
  }
  return requests;
}

/** Sends one request. If it is refused for good, its halves are tried, so that one bad parcel does not hold up the others. */
async function sendRequest<Item>(parcels: readonly Parcel<Item>[], send: (items: Item[]) => Promise<Answer>): Promise<Sent<Item>> {
  const answer = await send(parcels.map(({ item }) => item));
  if (answer.kind === "accepted") return { delivered: parcels, refused: [] };
  if (answer.kind === "unavailable") return { delivered: [], refused: [] };
  if (parcels.length === 1) return { delivered: [], refused: parcels.map((parcel) => ({ parcel, reason: answer.reason })) };
  const middle = Math.ceil(parcels.length / 2);
  return joinSent([await sendRequest(parcels.slice(0, middle), send), await sendRequest(parcels.slice(middle), send)]);
}

function joinSent<Item>(sent: readonly Sent<Item>[]): Sent<Item> {
  return { delivered: sent.flatMap(({ delivered }) => delivered), refused: sent.flatMap(({ refused }) => refused) };
}

/** Sends parcels, several to a request. */
export async function sendParcels<Item>(parcels: readonly Parcel<Item>[], send: (items: Item[]) => Promise<Answer>): Promise<Sent<Item>> {
  const sent: Sent<Item>[] = [];
  for (const request of packRequests(parcels)) sent.push(await sendRequest(request, send));
  return joinSent(sent);
}
