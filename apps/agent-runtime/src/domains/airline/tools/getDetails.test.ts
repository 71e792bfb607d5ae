import { expect, test } from "vitest";
import { openDesk } from "./smallWorld.ts";

test("an unknown user is refused, and so, in the same words, is an unknown reservation", async () => {
  const desk = openDesk();
  expect(await desk.call("get_user_details", { user_id: "nobody" })).toBe("Error: user not found");
  expect(await desk.call("get_user_details", { user_id: 7 })).toBe("Error: user not found");
  expect(await desk.call("get_reservation_details", { reservation_id: "NOSUCH" })).toBe("Error: user not found");
  expect(await desk.call("get_reservation_details", { reservation_id: "constructor" })).toBe("Error: user not found");
});

test("documents are returned whole, with their keys in order", async () => {
  const desk = openDesk();
  expect(await desk.call("get_user_details", { user_id: "ada_1" })).toMatch(
    /^\{"name": \{"first_name": "Ada".*"reservations": \["R00001"\]\}$/,
  );
  expect(await desk.call("get_reservation_details", { reservation_id: "R00001" })).toMatch(
    /^\{"reservation_id": "R00001", .*"insurance": "no"\}$/,
  );
});
