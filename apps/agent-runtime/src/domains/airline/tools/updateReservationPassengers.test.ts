import { expect, test } from "vitest";
import { openDesk } from "./smallWorld.ts";

test("an update is refused for an unknown reservation, and for a different number of passengers", async () => {
  const desk = openDesk();
  const refused = (given: Record<string, unknown>) => desk.call("update_reservation_passengers", given);
  expect(await refused({ reservation_id: "NOSUCH", passengers: [] })).toBe("Error: reservation not found");
  expect(await refused({ reservation_id: "R00001", passengers: [] })).toBe("Error: number of passengers does not match");
});

test("the passengers are replaced by the given ones, unchanged", async () => {
  const desk = openDesk();
  const output = await desk.call("update_reservation_passengers", {
    reservation_id: "R00001",
    passengers: [{ dob: "2000-02-02", last_name: "Ö" }],
  });
  expect(output).toContain('"passengers": [{"dob": "2000-02-02", "last_name": "\\u00d6"}]');
});
