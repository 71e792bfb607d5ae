import { type ChainHead, type Decision, type DecisionKind, sealDecision } from "@signalbox/model";
import { dateOfUs } from "../clock.ts";
import type { ServiceName } from "../identity.ts";

/** A choice and its reason: a decision before it belongs to a task. `spanId` names the step in which it was taken. */
export type Choice = {
  kind: DecisionKind;
  service: ServiceName;
  chosen: string;
  confidence: number | null;
  reason: string;
  detail: Record<string, unknown>;
};

/** Where and when choices are made, and by which version. */
export type DecisionContext = {
  project: string;
  taskId: string;
  traceId: string;
  attempt: number;
  spanId: string | null;
  version: string;
  nowUs: number;
};

/** Turns a choice into the decision that continues the chain at `head`. */
export function decideNext(head: ChainHead, { nowUs, version, ...where }: DecisionContext, { service, ...choice }: Choice): Decision {
  return sealDecision(head, { ...where, ...choice, time: dateOfUs(nowUs).toISOString(), actor: { service, version } });
}

/** Turns choices of one context into decisions that continue the chain at `head`, in order. */
export function decide(head: ChainHead, context: DecisionContext, choices: readonly Choice[]): Decision[] {
  const decisions: Decision[] = [];
  for (const choice of choices) decisions.push(decideNext(decisions.at(-1) ?? head, context, choice));
  return decisions;
}
