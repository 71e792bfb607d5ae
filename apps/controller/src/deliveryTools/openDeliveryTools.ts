import { listKnownKeys, type PrismaClient, requireTasks, touchApiKeys } from "@signalbox/db/prisma";
import { authenticator, KeyRing, type Listener, localAllowance, openListener } from "@signalbox/listener";
import type { FastifyInstance } from "fastify";
import type { Logger } from "pino";
import { Registry } from "prom-client";
import { deliveryToolRoutes } from "./deliveryToolRoutes.ts";
import { storedStages } from "./flagger/storedStages.ts";
import { openGateEntrance } from "./gateEntrance.ts";
import { openGithubApp } from "./github/githubApp.ts";
import type { GithubConfig } from "./github/githubConfig.ts";
import { openReviewLoop } from "./github/reviewLoop.ts";
import { storedReviews } from "./github/storedReviews.ts";
import { storedChecks } from "./keptChecks.ts";
import { registerGateGauges } from "./prometheus/gateGauges.ts";
import { storedRollouts } from "./storedRollouts.ts";

/** The largest body of a delivery tool, in bytes: Kayenta posts its series. */
const BODY_MAX_BYTES = 4 * 1024 * 1024;

/** The address on which other machines may query gates: with a key only, and nothing but gates. */
export type GatesAddress = { address: string; port: number };

export type DeliveryToolParts = {
  prisma: PrismaClient;
  clock: () => number;
  log: Logger;
  metrics: Registry;
  gates: GatesAddress | null;
  github: GithubConfig | null;
  http: typeof fetch;
};

/**
 * Opens the delivery tools' interfaces: `routes` for the controller's own listener, which only this machine reaches; a separate listener
 * for other machines, if configured; and the loop that answers GitHub. `close` ends the last two.
 */
export async function openDeliveryTools({ prisma, clock, log, metrics, gates, github, http }: DeliveryToolParts) {
  const rollouts = storedRollouts(prisma, log);
  const [stages, reviews, checks] = [storedStages(prisma), storedReviews(prisma), storedChecks(prisma)];
  const source = {
    listKnownKeys: () => listKnownKeys(prisma),
    touchApiKeys: (ids: readonly string[], at: Date) => touchApiKeys(prisma, ids, at),
  };
  const keys = new KeyRing(source, log, clock);
  const way = (isKeyRequired: boolean) => authenticator({ keys, isKeyRequired, allowance: localAllowance(clock), clock });
  const strict = way(true);
  registerGateGauges(metrics, rollouts, log);

  const routesFor = (open: typeof strict) => (app: FastifyInstance) => {
    const entrance = openGateEntrance({ open, strict });
    deliveryToolRoutes(app, { entrance, rollouts, checks, stages, github: github === null ? null : { config: github, reviews }, clock });
  };
  const outside = gates === null ? null : await openOutside(gates, routesFor(strict), prisma, log);
  const app = github === null ? null : openGithubApp(github, http, clock);
  const loop = app === null ? null : openReviewLoop({ reviews, rollouts, checks, app, clock, log });
  return {
    routes: routesFor(way(false)),
    close: async (): Promise<void> => {
      await Promise.all([outside?.close(), loop?.close()]);
      await keys.end();
    },
  };
}

/** The listener for other machines. Its `/metrics` has no gates: an external Prometheus queries them with its key. */
function openOutside(
  { address, port }: GatesAddress,
  routes: (app: FastifyInstance) => void,
  prisma: PrismaClient,
  log: Logger,
): Promise<Listener> {
  return openListener({
    port,
    address,
    bodyMaxBytes: BODY_MAX_BYTES,
    log,
    metrics: new Registry(),
    isReady: () => isAnswering(prisma),
    routes,
  });
}

async function isAnswering(prisma: PrismaClient): Promise<boolean> {
  return requireTasks(prisma).then(
    () => true,
    () => false,
  );
}
