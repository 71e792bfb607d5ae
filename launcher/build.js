import { join } from "node:path";
import { root } from "./places.js";
import { run } from "./run.js";
import { sayingSo } from "./sayingSo.js";

/** The environment of turbo's tasks: no telemetry leaves the machine. */
const env = { TURBO_TELEMETRY_DISABLED: "1", NEXT_TELEMETRY_DISABLED: "1", DO_NOT_TRACK: "1" };

/**
 * Runs a task in every workspace that has it; turbo skips workspaces without changes since its last run. A task that takes long announces
 * itself.
 */
export async function turbo(task) {
  const executable = join(root, "node_modules", ".bin", "turbo");
  const turboRun = run(executable, ["run", task, "--output-logs=errors-only", "--no-update-notifier"], {
    cwd: root,
    env,
    quiet: true,
  });
  const exitCode = await (task === "build"
    ? sayingSo("The console is built; the first time, and after a change, this takes a minute or two.", turboRun)
    : turboRun);
  if (exitCode !== 0) throw new Error(`\`turbo run ${task}\` failed; the lines above say why.`);
}
