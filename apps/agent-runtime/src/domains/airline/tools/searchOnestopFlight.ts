import type { AirlineFlight } from "@signalbox/model";
import { pythonJson } from "./python/pythonJson.ts";
import { pythonRepr } from "./python/pythonText.ts";
import { hasKey, lastOf, memberOf, PythonError } from "./python/pythonValue.ts";
import { answer, defineTool } from "./tool.ts";

/** Python's `int` of the day in the last two characters of a date. */
function dayOfMonth(date: unknown): number {
  const digits = lastOf(date, 2);
  if (!/^\s*[+-]?\d+\s*$/.test(digits)) throw new PythonError(`invalid literal for int() with base 10: ${pythonRepr(digits)}`);
  return Number(digits);
}

/**
 * The date of the second leg: that of the first, or the day after if the first arrives then. The data covers one month, and single-digit
 * days are not padded.
 */
function secondDate(first: AirlineFlight, date: unknown): unknown {
  return first.scheduled_arrival_time_est.includes("+1") ? `2024-05-${dayOfMonth(date) + 1}` : date;
}

function isOnSale({ dates }: AirlineFlight, date: unknown): boolean {
  return hasKey(dates, date) && dates[date]?.status === "available";
}

/** A leg in the form of the tool's answer. `soldOn` is the day whose seats and prices are shown. */
function leg({ dates, ...flight }: AirlineFlight, soldOn: unknown, date: unknown): object {
  return { ...flight, ...(memberOf(dates, soldOn) as object), date };
}

/**
 * Lists the connecting pairs of flights between two airports that are on sale. The second leg shows the seats and prices of the first leg's
 * day, as in the recordings.
 */
export const searchOnestopFlight = defineTool({
  name: "search_onestop_flight",
  parameters: ["origin", "destination", "date"],
  async run(world, given) {
    const [firsts, seconds] = [await world.flights({ origin: given.origin }), await world.flights({ destination: given.destination })];
    const pairs: object[] = [];
    for (const first of firsts) {
      for (const second of seconds) {
        if (first.destination !== second.origin) continue;
        const date = secondDate(first, given.date);
        if (first.scheduled_arrival_time_est > second.scheduled_departure_time_est) continue;
        if (!isOnSale(first, given.date) || !isOnSale(second, date)) continue;
        pairs.push([leg(first, given.date, given.date), leg(second, given.date, date)]);
      }
    }
    return answer(pythonJson(pairs));
  },
});
