import { AppError } from "../errors/errors.ts";
import type { ReplayPlan } from "./replay.ts";

/** Throws `invalid_input` where replays of several tasks may have external effects, and their number was not typed. */
export function confirmEffects({ allowsEffects }: Pick<ReplayPlan, "allowsEffects">, typed: string | undefined, tasks: number): void {
  if (!allowsEffects || tasks === 1 || typed === String(tasks)) return;
  throw new AppError("invalid_input", `These are ${tasks} tasks, each with effects outside, and that is not confirmed.`, {
    hint: `Confirm with their number, that you mean them all: ${tasks}, on the command line --yes ${tasks}.`,
  });
}
