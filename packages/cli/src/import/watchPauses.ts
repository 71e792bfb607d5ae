import type { QueuePause } from "@signalbox/model";
import type { CommandOutput } from "../commandLine/commandOutput.ts";

/** A check whether the queue is paused. Each pause is reported once, with who paused it and why, and that its end is waited for. */
export function watchPauses(list: () => Promise<readonly QueuePause[]>, output: Pick<CommandOutput, "note">): () => Promise<boolean> {
  let told: string | null = null;
  return async () => {
    const [pause = null] = await list();
    if (pause !== null && pause.pausedAt !== told)
      output.note(
        `The queue of ${pause.project === null ? "all projects" : `project ${pause.project}`} is paused, by ${pause.actor}: ${pause.reason}. Waiting until it is resumed.`,
      );
    told = pause?.pausedAt ?? null;
    return pause !== null;
  };
}
