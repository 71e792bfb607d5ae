import type { Delivery } from "@signalbox/db/prisma";
import type { Answer } from "./otlpExport.ts";

/** Something to send: the outbox row that owes it, and about how much it weighs. */
export type Parcel<Item> = { id: bigint; item: Item; bytes: number };

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
async function sendRequest<Item>(parcels: readonly Parcel<Item>[], send: (items: Item[]) => Promise<Answer>): Promise<Delivery> {
  const answer = await send(parcels.map(({ item }) => item));
  if (answer.kind === "accepted") return { delivered: parcels.map(({ id }) => id), refused: [] };
  if (answer.kind === "unavailable") return { delivered: [], refused: [] };
  if (parcels.length === 1) return { delivered: [], refused: parcels.map(({ id }) => ({ id, reason: answer.reason })) };
  const middle = Math.ceil(parcels.length / 2);
  return joinDeliveries([await sendRequest(parcels.slice(0, middle), send), await sendRequest(parcels.slice(middle), send)]);
}

/** Several deliveries as one. */
export function joinDeliveries(deliveries: readonly Delivery[]): Delivery {
  return { delivered: deliveries.flatMap(({ delivered }) => delivered), refused: deliveries.flatMap(({ refused }) => refused) };
}

/** Sends parcels, several to a request. */
export async function sendParcels<Item>(parcels: readonly Parcel<Item>[], send: (items: Item[]) => Promise<Answer>): Promise<Delivery> {
  const deliveries: Delivery[] = [];
  for (const request of packRequests(parcels)) deliveries.push(await sendRequest(request, send));
  return joinDeliveries(deliveries);
}
