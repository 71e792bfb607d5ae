import { AppError } from "@signalbox/model";
import { AIRLINE } from "./airline/airline.ts";
import { BANKING } from "./banking/banking.ts";
import type { Domain } from "./domain.ts";

/** Every domain that the agent serves. */
export const DOMAINS: readonly Domain[] = [AIRLINE, BANKING];

/** Looks a domain up by name. Throws `invalid_input` with the known names. */
export function requireDomain(name: string, domains: readonly Domain[] = DOMAINS): Domain {
  const domain = domains.find((known) => known.name === name);
  if (domain !== undefined) return domain;
  const known = domains.map((one) => one.name).join(", ");
  throw new AppError("invalid_input", `There is no domain ${JSON.stringify(name)}.`, { hint: `This agent knows ${known}.` });
}
