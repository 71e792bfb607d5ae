import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

/** A running Signalbox's report on itself for the other verbs. No secrets: those have files of their own. */
const RunState = z.object({
  pid: z.number(),
  startedAt: z.iso.datetime(),
  ready: z.boolean(),
  portOffset: z.number(),
  topology: z
    .discriminatedUnion("kind", [z.object({ kind: z.literal("prototype") }), z.object({ kind: z.literal("staging"), copies: z.number() })])
    .default({ kind: "prototype" }),
  /** The latest replacement of copies, and the number of requests for it. */
  roll: z
    .object({
      count: z.number(),
      status: z.enum(["rolling", "done", "failed"]),
      failedPart: z.string().optional(),
      why: z.string().optional(),
    })
    .optional(),
  parts: z.array(
    z.object({
      name: z.string(),
      status: z.enum(["waiting", "starting", "ready", "restarting", "stopped"]),
      pid: z.number().optional(),
      port: z.number(),
      restarts: z.number(),
    }),
  ),
});
export type RunState = z.infer<typeof RunState>;

const stateFile = (dataDir: string): string => join(dataDir, "state.json");

/** Writes the state so that a reader never sees half of it. */
export function writeRunState(dataDir: string, state: RunState): void {
  const draft = `${stateFile(dataDir)}.draft`;
  writeFileSync(draft, `${JSON.stringify(state, null, 2)}\n`, { mode: 0o600 });
  renameSync(draft, stateFile(dataDir));
}

/** The state last written; `undefined` if there is none that can be read. The lock tells whether its writer still runs. */
export function readRunState(dataDir: string): RunState | undefined {
  try {
    return RunState.parse(JSON.parse(readFileSync(stateFile(dataDir), "utf8")));
  } catch {
    return undefined;
  }
}

/** Removes the state at the end of a run. */
export function removeRunState(dataDir: string): void {
  rmSync(stateFile(dataDir), { force: true });
}
