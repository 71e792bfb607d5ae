import type { DeadTask } from "@signalbox/db/prisma";
import { type Decision, sealDecision } from "@signalbox/model";
import packageJson from "../../package.json" with { type: "json" };

/** The decision to run a dead task again, as recorded in its log: who, why, and in which redrive. */
export function replayDecision({ id, project, traceId, attempts, head, deadLetterId, isEdited, redrive }: DeadTask, now: Date): Decision {
  return sealDecision(head, {
    project,
    taskId: id,
    kind: "replayed",
    time: now.toISOString(),
    actor: { service: "signalbox-controller", version: packageJson.version },
    attempt: Math.max(attempts, 1),
    traceId,
    spanId: null,
    chosen: isEdited ? "run again from the start, with an edited request" : "run again from the last finished step",
    confidence: null,
    reason: `${redrive.actor}: ${redrive.reason}`,
    detail: { deadLetterId, redriveId: redrive.id, redrive: redrive.name, actor: redrive.actor, version: redrive.version, isEdited },
  });
}
