import type { Step } from "@signalbox/model";
import type { PrismaClient } from "../prisma/index.ts";

/** Stores finished steps of a task. */
export async function storeSteps(prisma: PrismaClient, taskId: string, steps: readonly Step[]): Promise<void> {
  await prisma.step.createMany({
    data: steps.map(({ step, attempt, startedUs, finishedUs, stage: { kind, input, output }, modelUse }) => ({
      ...{ taskId, step, attempt, kind, input: input as object, output: output as object },
      ...{ startedUs: BigInt(startedUs), finishedUs: BigInt(finishedUs) },
      ...(modelUse === null ? {} : { provider: modelUse.provider, model: modelUse.model }),
      ...(modelUse === null ? {} : { inputTokens: modelUse.inputTokens, outputTokens: modelUse.outputTokens }),
    })),
  });
}
