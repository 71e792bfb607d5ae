import { EMPTY_CHAIN, newId, sealDecision } from "@signalbox/model";

const FOR_MS = 500;

/** The number of decisions that a core of this machine seals per second right now, as a reference for the run's other figures. */
export function sealedDecisionsPerSecond(): number {
  const facts = {
    ...{
      project: "default",
      taskId: newId(),
      kind: "planned" as const,
      time: "2026-01-02T03:04:05.678Z",
      attempt: 1,
      traceId: "0".repeat(32),
    },
    ...{
      spanId: null,
      actor: { service: "bench", version: "1" },
      chosen: "reply",
      confidence: null,
      reason: "The customer has the answer.",
    },
    detail: { arguments: { reservation_id: "ABC123", total_baggages: 2, nonfree_baggages: 1, payment_id: "credit_card_1" } },
  };
  const startedAt = performance.now();
  let head = EMPTY_CHAIN;
  let sealed = 0;
  for (; performance.now() - startedAt < FOR_MS; sealed += 1) head = sealDecision(head, facts);
  return Math.round((sealed / (performance.now() - startedAt)) * 1_000);
}
