import { AIRPORTS } from "./tools/listAllAirports.ts";

const NUMBER_WORDS: Readonly<Record<string, string>> = { a: "1", one: "1", two: "2", three: "3", four: "4" };
const MONTHS: Readonly<Record<string, string>> = { april: "04", may: "05", june: "06" };

const PLACE = [...Object.keys(AIRPORTS), ...Object.values(AIRPORTS)].join("|");
const CODES = new Map(
  Object.entries(AIRPORTS).flatMap(([code, city]) => [
    [code.toLowerCase(), code],
    [city.toLowerCase(), code],
  ]),
);

/** The date in a message, as `YYYY-MM-DD`; a month and day without a year are in the airline's year. */
function findDate(message: string): string | undefined {
  const iso = /\b\d{4}-\d{2}-\d{2}\b/.exec(message)?.[0];
  if (iso !== undefined) return iso;
  const [, month, day] = /\b(april|may|june) (\d{1,2})(?:st|nd|rd|th)?\b/i.exec(message) ?? [];
  const number = MONTHS[month?.toLowerCase() ?? ""];
  return number === undefined || day === undefined ? undefined : `2024-${number}-${day.padStart(2, "0")}`;
}

function findPlace(message: string, before: "from" | "to"): string | undefined {
  const [, place] = new RegExp(`\\b${before} (${PLACE})\\b`, "i").exec(message) ?? [];
  return place === undefined ? undefined : CODES.get(place.toLowerCase());
}

function findBags(message: string): string | undefined {
  const [, count] = /\b(\d|a|one|two|three|four) (?:more |extra |checked )?(?:bags?|suitcases?)\b/i.exec(message) ?? [];
  return count === undefined ? undefined : (NUMBER_WORDS[count.toLowerCase()] ?? count);
}

function findInsurance(message: string): string | undefined {
  if (/\b(without|no) insurance\b/i.test(message)) return "no";
  return /\binsurance\b/i.test(message) ? "yes" : undefined;
}

/** The slots found in a message, by name; missing ones are absent. */
export function findSlots(message: string): Record<string, string> {
  const found: Record<string, string | undefined> = {
    user_id: /\b[a-z]+_[a-z]+_\d{4}\b/.exec(message)?.[0],
    reservation_id: /\b(?:reservation|booking|trip) ([A-Z][A-Z0-9]{5})\b/.exec(message)?.[1],
    date: findDate(message),
    origin: findPlace(message, "from"),
    destination: findPlace(message, "to"),
    cabin: /\b(basic economy|economy|business)\b/i.exec(message)?.[1]?.toLowerCase().replace(" ", "_"),
    bags: findBags(message),
    payment: /\b(credit card|gift card|certificate)\b/i.exec(message)?.[1]?.toLowerCase().replace(" ", "_"),
    insurance: findInsurance(message),
  };
  return Object.fromEntries(Object.entries(found).filter((slot): slot is [string, string] => slot[1] !== undefined));
}
