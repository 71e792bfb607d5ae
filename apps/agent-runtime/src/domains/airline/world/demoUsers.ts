import type { AirlinePaymentMethod, AirlineUser } from "@signalbox/model";
import type { Draws } from "../../seededDraws.ts";
import { twoDigits } from "./calendar.ts";

/** A user of the demo; `user.reservations` is still empty. */
export interface DemoUser {
  readonly id: string;
  readonly user: AirlineUser;
}

const USERS = 80;
const FIRST_NAMES = [
  ..."Ada Bruno Carmen Dmitri Elif Farid Greta Hugo Ines Jonas Kira Luca Maren Nils Oksana Priya Quentin Rosa Sven Tova".split(" "),
];
const LAST_NAMES = [..."Abara Bergman Castillo Dubois Eriksen Fontaine Gruber Hayashi Iversen Jansen Kowalski Lindqvist".split(" ")];
const STREETS = ["Signal Road", "Junction Lane", "Platform Street", "Viaduct Avenue", "Turntable Court", "Semaphore Way"];
const CITIES = [
  { city: "Denver", state: "CO", zip: "80014" },
  { city: "Boston", state: "MA", zip: "02108" },
  { city: "Seattle", state: "WA", zip: "98101" },
  { city: "Phoenix", state: "AZ", zip: "85001" },
  { city: "Atlanta", state: "GA", zip: "30301" },
];

function makePerson(random: Draws): { first_name: string; last_name: string; dob: string } {
  const dob = `${random.integer(1945, 2004)}-${twoDigits(random.integer(1, 12))}-${twoDigits(random.integer(1, 28))}`;
  return { first_name: random.pick(FIRST_NAMES), last_name: random.pick(LAST_NAMES), dob };
}

/** Payment methods by id: everyone has a credit card, some have gift cards and certificates. */
function makePaymentMethods(random: Draws): AirlineUser["payment_methods"] {
  const newId = (source: string): string => `${source}_${random.integer(1_000_000, 9_999_999)}`;
  const last_four = String(random.integer(1000, 9999));
  const methods: AirlinePaymentMethod[] = [
    { source: "credit_card", brand: random.pick(["visa", "mastercard"]), last_four, id: newId("credit_card") },
  ];
  if (random.chance(0.6)) methods.push({ source: "gift_card", amount: random.integer(20, 400), id: newId("gift_card") });
  if (random.chance(0.5)) methods.push({ source: "certificate", amount: random.pick([100, 150, 200, 250, 500]), id: newId("certificate") });
  return Object.fromEntries(methods.map((method) => [method.id, method]));
}

function makeUser(random: Draws, number: number): DemoUser {
  const { dob, ...name } = makePerson(random);
  const handle = `${name.first_name}_${name.last_name}`.toLowerCase();
  const { city, state, zip } = random.pick(CITIES);
  const address1 = `${random.integer(1, 999)} ${random.pick(STREETS)}`;
  const user = {
    name,
    address: { address1, address2: `Suite ${random.integer(100, 999)}`, city, country: "USA", state, zip },
    email: `${handle.replace("_", ".")}${number}@example.com`,
    dob,
    payment_methods: makePaymentMethods(random),
    saved_passengers: [makePerson(random)],
    membership: random.pick(["regular", "regular", "silver", "gold"]),
    reservations: [],
  };
  return { id: `${handle}_${1000 + number}`, user };
}

export function makeUsers(random: Draws): readonly DemoUser[] {
  return Array.from({ length: USERS }, (_, number) => makeUser(random, number));
}
