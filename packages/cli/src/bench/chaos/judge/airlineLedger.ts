import { isDeepStrictEqual } from "node:util";
import type { AirlineAccount } from "@signalbox/db/prisma";
import type { AirlineReservation, AirlineUser, ToolRequest } from "@signalbox/model";

/** US dollars for a bag that is not free. */
const BAG_PRICE = 50;

type Documents = ReadonlyMap<string, object>;

/**
 * Whether the airline's tables hold what each call on record does once, and nothing else: payments, balances, bags, status. It does not
 * ask the tools, which might do a thing twice: it books by itself the two that change something of what the benchmark's customers ask for.
 */
export function isBookedOnce({ calls, documents }: AirlineAccount): boolean {
  const keyOf = ({ table, id }: { table: string; id: string }): string => `${table}/${id}`;
  const expected: Documents = new Map(documents.map((own) => [keyOf(own), structuredClone(own.base ?? {})]));
  const hasAll = calls.every((call) => book(call, expected));
  return hasAll && documents.every((own) => isDeepStrictEqual(own.document, expected.get(keyOf(own))));
}

/** Books a call; false where what it changes is not among the documents. */
function book({ name, arguments: given }: ToolRequest, documents: Documents): boolean {
  if (name !== "cancel_reservation" && name !== "update_reservation_baggages") return true;
  const reservation = documents.get(`reservations/${given.reservation_id}`) as AirlineReservation | undefined;
  if (reservation === undefined) return false;
  return name === "cancel_reservation" ? cancel(reservation) : changeBags(reservation, given, documents);
}

/** Every payment is listed once more, as a refund. */
function cancel(reservation: AirlineReservation): boolean {
  const refunds = reservation.payment_history.map(({ payment_id, amount }) => ({ payment_id, amount: 0 - amount }));
  Object.assign(reservation, { status: "cancelled", payment_history: [...reservation.payment_history, ...refunds] });
  return true;
}

/** What more bags cost is a payment, and leaves the gift card that pays it. */
function changeBags(reservation: AirlineReservation, given: ToolRequest["arguments"], documents: Documents): boolean {
  const { total_baggages, nonfree_baggages, payment_id } = given;
  const amount = BAG_PRICE * Math.max(0, Number(nonfree_baggages) - Number(reservation.nonfree_baggages));
  const payments = amount === 0 ? [] : [{ payment_id, amount }];
  Object.assign(reservation, { total_baggages, nonfree_baggages, payment_history: [...reservation.payment_history, ...payments] });
  if (amount === 0 || !String(payment_id).startsWith("gift_card")) return true;
  const owner = documents.get(`users/${reservation.user_id}`) as AirlineUser | undefined;
  const card = owner?.payment_methods[String(payment_id)];
  if (card?.source !== "gift_card") return false;
  Object.assign(card, { amount: Number(card.amount) - amount });
  return true;
}
