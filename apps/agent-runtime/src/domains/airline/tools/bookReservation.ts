import type { AirlineUser } from "@signalbox/model";
import { findOffer } from "./offer.ts";
import { pythonJson } from "./python/pythonJson.ts";
import { pythonNumber } from "./python/pythonNumber.ts";
import { pythonStr } from "./python/pythonText.ts";
import { hasKey, itemsOf, lengthOf, memberOf, numberOf, objectOf } from "./python/pythonValue.ts";
import { answer, defineTool, refusal, type ToolOutcome } from "./tool.ts";
import type { World } from "./world.ts";

const RESERVATION_IDS = ["HATHAT", "HATHAU"] as const;
/** The id used once the others are taken: a reservation that already has it is overwritten. */
const LAST_RESERVATION_ID = "HATHAV";
const INSURANCE_PRICE = 30;
const BAGGAGE_PRICE = 50;

type PaymentMethods = AirlineUser["payment_methods"];

async function firstFreeId(world: World): Promise<string> {
  for (const id of RESERVATION_IDS) if ((await world.get("reservations", id)) === undefined) return id;
  return LAST_RESERVATION_ID;
}

/** The refusal of a payment, or undefined. Each payment is judged alone: two payments with one gift card are not added up. */
function objectionTo(payment: unknown, methods: PaymentMethods): ToolOutcome | undefined {
  const id = memberOf(payment, "payment_id");
  const amount = memberOf(payment, "amount");
  const method = hasKey(methods, id) ? methods[id] : undefined;
  if (method === undefined) return refusal(`payment method ${pythonStr(id)} not found`);
  if (method.source === "credit_card") return undefined;
  return numberOf(method.amount, "<") < numberOf(amount, "<")
    ? refusal(`not enough balance in payment method ${pythonStr(id)}`)
    : undefined;
}

/**
 * The payment methods after a payment: a gift card keeps its remainder, a certificate is used up. Fails for a certificate that was used
 * already.
 */
function pay(methods: PaymentMethods, payment: unknown): PaymentMethods {
  const id = String(memberOf(payment, "payment_id"));
  memberOf(methods, id);
  const { [id]: method, ...others } = methods;
  if (method?.source === "certificate") return others;
  if (method?.source !== "gift_card") return methods;
  return { ...methods, [id]: { ...method, amount: method.amount - numberOf(memberOf(payment, "amount"), "-") } };
}

/** Books flights for a user. The seats on sale do not change. */
export const bookReservation = defineTool({
  name: "book_reservation",
  parameters: [
    "user_id",
    "origin",
    "destination",
    "flight_type",
    "cabin",
    "flights",
    "passengers",
    "payment_methods",
    "total_baggages",
    "nonfree_baggages",
    "insurance",
  ],
  async run(world, given) {
    const user = await world.get("users", given.user_id);
    if (user === undefined) return refusal("user not found");

    const id = await firstFreeId(world);
    const flights: unknown[] = [];
    let total = 0;
    for (const item of itemsOf(given.flights)) {
      const found = await findOffer(world, item, given);
      if (found.kind !== "offer") return found;
      flights.push({ ...objectOf(item), ...found.offer });
      total += found.offer.price * lengthOf(given.passengers);
    }
    if (given.insurance === "yes") total += INSURANCE_PRICE * lengthOf(given.passengers);
    total += BAGGAGE_PRICE * numberOf(given.nonfree_baggages, "*");

    const payments = itemsOf(given.payment_methods);
    for (const payment of payments) {
      const objection = objectionTo(payment, user.payment_methods);
      if (objection !== undefined) return objection;
    }
    const paid = payments.reduce<number>((sum, payment) => sum + numberOf(memberOf(payment, "amount"), "+"), 0);
    if (paid !== total)
      return refusal(`payment amount does not add up, total price is ${pythonNumber(total)}, but paid ${pythonNumber(paid)}`);

    const reservation = {
      reservation_id: id,
      user_id: given.user_id,
      origin: given.origin,
      destination: given.destination,
      flight_type: given.flight_type,
      cabin: given.cabin,
      flights,
      passengers: given.passengers,
      payment_history: given.payment_methods,
      created_at: "2024-05-15T15:00:00",
      total_baggages: given.total_baggages,
      nonfree_baggages: given.nonfree_baggages,
      insurance: given.insurance,
    };
    const payment_methods = payments.reduce<PaymentMethods>(pay, user.payment_methods);
    world.put("reservations", id, reservation);
    world.put("users", String(given.user_id), { ...user, payment_methods, reservations: [...user.reservations, id] });
    return answer(pythonJson(reservation));
  },
});
