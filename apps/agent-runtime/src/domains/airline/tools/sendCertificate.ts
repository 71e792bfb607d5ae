import { pythonStr } from "./python/pythonText.ts";
import { answer, defineTool, refusal } from "./tool.ts";

const CERTIFICATE_IDS = ["certificate_3221322", "certificate_3221323", "certificate_3221324"] as const;

/** Gives a user a certificate, at most three in all: the original program has no answer for a fourth, so it is refused. */
export const sendCertificate = defineTool({
  name: "send_certificate",
  parameters: ["user_id", "amount"],
  async run(world, given) {
    const user = await world.get("users", given.user_id);
    if (user === undefined) return refusal("user not found");
    const id = CERTIFICATE_IDS.find((candidate) => !Object.hasOwn(user.payment_methods, candidate));
    if (id === undefined) return refusal("no certificate is left to send");

    const certificate = { source: "certificate", amount: given.amount, id };
    world.put("users", String(given.user_id), { ...user, payment_methods: { ...user.payment_methods, [id]: certificate } });
    return answer(`Certificate ${id} added to user ${pythonStr(given.user_id)} with amount ${pythonStr(given.amount)}.`);
  },
});
