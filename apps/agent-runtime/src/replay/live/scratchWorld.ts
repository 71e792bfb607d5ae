import { AppError, type Expectation, type Scene, type SceneState, type Step, type ToolService } from "@signalbox/model";
import { isOutside } from "./liveServices.ts";

/**
 * Brings a scratch scene to where the task's data was after `steps`: what its tools did is done again there.
 * Throws `conflict`, naming the step, where one answers otherwise than it did: the data before the live part
 * would be made up. What tools of others did is not in our data, and a tool that failed left nothing.
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

/** The state that expected actions lead to, in a scene that nothing was written in. */
export async function expectedState(tools: ToolService, scene: Scene, { actions }: Expectation): Promise<SceneState> {
  for (const [index, call] of actions.entries()) await tools.call({ scene, idempotencyKey: `expected:${index}`, call });
  return tools.state(scene);
}
