import { AppError, type ReplayPlan, type TaskRecording } from "@signalbox/model";
import { VERSION } from "../identity.ts";

/** The version of the runtime to replay a task against. Throws `not_found` that names the nearest where it is none that is here. */
export function requireVersion({ id, attempts }: TaskRecording, { against }: Pick<ReplayPlan, "against">): void {
  const hint = `The nearest that is here is ${VERSION}: --against ${VERSION}`;
  if (against !== null && against !== VERSION)
    throw new AppError("not_found", `Version ${against} of the agent runtime is not here.`, { hint });
  const gone = attempts.find(({ version }) => version !== VERSION)?.version;
  if (against === null && gone !== undefined)
    throw new AppError("not_found", `Task ${id} ran on version ${gone} of the agent runtime, which is not here.`, { hint });
}
