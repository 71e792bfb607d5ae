import { AppError, type Expectation, type Scene, type SceneState, type Step, type ToolService } from "@signalbox/model";
import { isOutside } from "./liveServices.ts";

/**
 * Rebuilds the task's data as of `steps` in a scratch scene, by repeating its tool calls there. Throws `conflict`, naming the step, if a
 * tool answers differently now: the live part would then run on invented data. Calls of outside tools changed none of our data, and failed
 * ones left nothing, so both are skipped.
 */
export async function remakeWorld(tools: ToolService, scene: Scene, taskId: string, steps: readonly Step[]): Promise<void> {
  for (const { step, stage } of steps) {
    if (stage.kind !== "tool" || stage.output.isError) continue;
    const { call } = stage.input;
    if (isOutside(scene.domain, call.name)) continue;
    const { output } = await tools.call({ scene, idempotencyKey: `${taskId}:${step}`, call });
    if (output !== stage.output.output)
      throw new AppError(
        "conflict",
        `In step ${step} ${call.name} answers otherwise than it did: the data of task ${taskId} before the live part cannot be made again.`,
        {
          hint: `Go live from step ${step} on, or earlier.`,
        },
      );
  }
}

/** The state to which the expected actions lead in an untouched scene. */
export async function expectedState(tools: ToolService, scene: Scene, { actions }: Expectation): Promise<SceneState> {
  for (const [index, call] of actions.entries()) await tools.call({ scene, idempotencyKey: `expected:${index}`, call });
  return tools.state(scene);
}
