import { isDeepStrictEqual } from "node:util";
import type { AirlineAccount } from "@signalbox/db/prisma";
import type { AirlineReservation, AirlineUser, ToolRequest } from "@signalbox/model";

/** The price of a bag that is not free, in US dollars. */
const BAG_PRICE = 50;

type Documents = ReadonlyMap<string, object>;

/**
 * Whether the airline's tables contain the effects of each recorded call exactly once, and
 * nothing else: payments, balances, bags, status. It does not use the tools, which might be what
 * repeats an effect: it reimplements the two that change anything for the benchmark's customers.
 */
export function isBookedOnce({ calls, documents }: AirlineAccount): boolean {
  const keyOf = ({ table, id }: { table: string; id: string }): string => `${table}/${id}`;
  const expected: Documents = new Map(documents.map((own) => [keyOf(own), structuredClone(own.base ?? {})]));
  const hasAll = calls.every((call) => book(call, expected));
  return hasAll && documents.every((own) => isDeepStrictEqual(own.document, expected.get(keyOf(own))));
}

/** Applies a call; false where its documents are missing. */
function book({ name, arguments: given }: ToolRequest, documents: Documents): boolean {
  if (name !== "cancel_reservation" && name !== "update_reservation_baggages") return true;
  const reservation = documents.get(`reservations/${given.reservation_id}`) as AirlineReservation | undefined;
  if (reservation === undefined) return false;
  return name === "cancel_reservation" ? cancel(reservation) : changeBags(reservation, given, documents);
}

/** Cancelling lists every payment once more, as a refund. */
function cancel(reservation: AirlineReservation): boolean {
  const refunds = reservation.payment_history.map(({ payment_id, amount }) => ({ payment_id, amount: 0 - amount }));
  Object.assign(reservation, { status: "cancelled", payment_history: [...reservation.payment_history, ...refunds] });
  return true;
}

/** The price of more bags is a payment, and is deducted from the gift card that pays it. */
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
