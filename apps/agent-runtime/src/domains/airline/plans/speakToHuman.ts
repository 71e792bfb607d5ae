import { handOver, type Plan, type Slots } from "../../plan.ts";

/** Connects a customer who asks for a person. */
export function* speakToHuman(slots: Slots): Plan {
  const who = slots.user_id ?? "A customer";
  return yield* handOver(`${who} asks for a person.`, "The customer asked for it.");
}
