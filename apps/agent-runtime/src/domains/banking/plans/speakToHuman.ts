import { handOver, type Plan, type Slots } from "../../plan.ts";

/** Connects a customer with a person about a matter that no plan may decide. */
export function* speakToHuman({ customer_id = "A customer" }: Slots, about: string): Plan {
  return yield* handOver(`${customer_id} asks about: ${about}.`, "Only a person may decide it.");
}
