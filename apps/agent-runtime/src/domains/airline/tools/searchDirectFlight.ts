import { pythonJson } from "./python/pythonJson.ts";
import { hasKey } from "./python/pythonValue.ts";
import { answer, defineTool } from "./tool.ts";

/** Lists the flights between two airports that are on sale on a day. */
export const searchDirectFlight = defineTool({
  name: "search_direct_flight",
  parameters: ["origin", "destination", "date"],
  async run(world, given) {
    const flights = await world.flights({ origin: given.origin, destination: given.destination });
    const onSale = flights.flatMap(({ dates, ...flight }) => {
      const day = hasKey(dates, given.date) ? dates[given.date] : undefined;
      return day?.status === "available" ? [{ ...flight, ...day }] : [];
    });
    return answer(pythonJson(onSale));
  },
});
