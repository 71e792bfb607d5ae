import { QUEUE_STORE } from "../runtimeStack.ts";

/** The victims of kills: a gateway, a worker, one of the services, or the store of the queue. */
export const VICTIMS = ["gateway", "worker", "service", "queueStore"] as const;
export type Victim = (typeof VICTIMS)[number];

/** Out of ten kills. */
const SHARES: Record<Victim, number> = { worker: 4, gateway: 2, service: 2, queueStore: 2 };

/** The victims, each as often as it is to be drawn. */
export const DECK = VICTIMS.flatMap((victim) => Array.from({ length: SHARES[victim] }, () => victim));

/** The parts of which one is killed. */
export const PARTS = {
  gateway: ["gateway-1", "gateway-2"],
  worker: ["worker-1", "worker-2"],
  service: ["language-1", "language-2", "memory-1", "memory-2", "planning-1", "planning-2", "tools-1", "tools-2"],
  queueStore: [QUEUE_STORE],
} as const satisfies Record<Victim, readonly string[]>;
