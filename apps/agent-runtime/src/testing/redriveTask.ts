import { advanceRedrive, createRedrive, listDeadLetters, type PrismaClient } from "@signalbox/db/prisma";
import { sealDecision, type TaskRequest } from "@signalbox/model";

/** Redrives a dead letter's task as the controller does, with `payload` as its request if there is one; returns the redrive's id. */
export async function redriveTask(prisma: PrismaClient, taskId: string, payload: TaskRequest | null = null): Promise<string> {
  const letter = (await listDeadLetters(prisma, taskId)).at(-1);
  const { redrive } = await createRedrive(
    prisma,
    {
      ...{ project: "default", name: "again", reason: "the tool is back", actor: "ann", ratePerSecond: 1, tryFirst: null, payload },
      selection: { kind: "letters", ids: [letter?.id ?? ""] },
      version: { kind: "any" },
    },
    { now: new Date(), confirm: () => undefined },
  );
  await advanceRedrive(prisma, redrive.id, new Date(), {
    nextMove: () => ({ kind: "redrive", letters: 1, tokens: 0 }),
    replay: ({ head, id, project, traceId, attempts, isEdited }) =>
      sealDecision(head, {
        ...{ project, taskId: id, kind: "replayed", time: new Date().toISOString(), attempt: Math.max(attempts, 1), traceId },
        ...{ actor: { service: "test", version: "1" }, spanId: null, chosen: "again", confidence: null, reason: "", detail: { isEdited } },
      }),
  });
  return redrive.id;
}
