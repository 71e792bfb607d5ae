import { expect, test } from "vitest";
import { openDesk } from "./smallWorld.ts";

test("a certificate can only be sent to a known user", async () => {
  expect(await openDesk().call("send_certificate", { user_id: "nobody", amount: 50 })).toBe("Error: user not found");
});

test("three certificates can be sent, listed after the other payment methods, and a fourth is refused", async () => {
  const desk = openDesk();
  const send = () => desk.call("send_certificate", { user_id: "ada_1", amount: 50 });
  expect(await send()).toBe("Certificate certificate_3221322 added to user ada_1 with amount 50.");
  expect(await send()).toBe("Certificate certificate_3221323 added to user ada_1 with amount 50.");
  expect(await send()).toBe("Certificate certificate_3221324 added to user ada_1 with amount 50.");
  expect(await send()).toBe("Error: no certificate is left to send");
  const methods = (await desk.world.get("users", "ada_1"))?.payment_methods ?? {};
  expect(Object.keys(methods)).toEqual(["card_1", "gift_1", "cert_1", "certificate_3221322", "certificate_3221323", "certificate_3221324"]);
  expect(methods.certificate_3221322).toEqual({ source: "certificate", amount: 50, id: "certificate_3221322" });
});
