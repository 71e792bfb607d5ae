import {
  openPassingKeys,
  openRateCounter,
  type PassingKeys,
  type PrismaClient,
  type RateCounter,
  requireTasks,
} from "@signalbox/db/prisma";
import { openListener, serviceMetrics } from "@signalbox/listener";
import type { Logger } from "pino";
import { Registry } from "prom-client";
import { systemClock } from "./clock.ts";
import type { Config, Part } from "./config.ts";
import { runDemo } from "./demo/runDemo.ts";
import { openGateway } from "./gateway/gateway.ts";
import { openRedisRateCounter } from "./gateway/limits/redisRateCounter.ts";
import { openMeans, runnerOf } from "./means.ts";
import { openTaskQueue } from "./queue/bullTaskQueue.ts";
import { openReplayLoop } from "./replay/replayLoop.ts";
import { serveServices } from "./services/serveServices.ts";
import { openProjectSenders } from "./telemetry/projectSenders.ts";
import { openRelay } from "./telemetry/relay.ts";
import { keepRegistered } from "./versions/registration.ts";
import type { Ward } from "./worker/ward/ward.ts";
import { openWorker, type Worker } from "./worker/worker.ts";

/** The largest request to a service, in bytes: planning receives whole conversations. */
const SERVICE_BODY_MAX_BYTES = 16 * 1024 * 1024;

const SERVICE_PARTS = ["language", "memory", "planning", "tools"] as const;

/** A running part of the agent runtime. `close` finishes the work in progress. */
export type Runtime = { close: () => Promise<void> };

function openCounter({ queueStore, databaseUrl }: Config, log: Logger): RateCounter {
  return "redisUrl" in queueStore ? openRedisRateCounter(queueStore.redisUrl, log) : openRateCounter(databaseUrl);
}

/** The keys with which projects' telemetry is sent, or null if the collector knows none of them. */
function keysOfProjects(prisma: PrismaClient, { hasOtlpProjectKeys }: Config): PassingKeys | null {
  return hasOtlpProjectKeys ? openPassingKeys(prisma, { use: "relay", scopes: ["ingest"] }, Date.now) : null;
}

/** The services that this process serves over HTTP. A worker shares its tools: the controller executes expected actions with them. */
function servedBy({ parts, services }: Config): (typeof SERVICE_PARTS)[number][] {
  return SERVICE_PARTS.filter((name) => parts.has(name) || (name === "tools" && parts.has("worker") && services.tools === undefined));
}

/**
 * Starts the parts of the runtime that the configuration asks for, in one process. If a worker is among them, `openWardOf` opens the
 * separate process in which suspects run; without it, a suspect runs alone in this process.
 */
export async function startRuntime(config: Config, log: Logger, openWardOf?: () => Ward): Promise<Runtime> {
  await using opening = new AsyncDisposableStack();
  const open = <Opened extends { close: () => Promise<void> }>(opened: Opened): Opened => opening.adopt(opened, ({ close }) => close());
  const isAsked = (...parts: Part[]): boolean => parts.some((part) => config.parts.has(part));

  const metrics = new Registry();
  const ward = openWardOf !== undefined && isAsked("worker") ? open(openWardOf()) : undefined;
  const means = opening.use(await openMeans(config, log, metrics));
  const { prisma, services } = means;
  const queue = isAsked("gateway", "worker") ? open(await openTaskQueue(config.queueStore, log)) : null;

  let worker: Worker | null = null;
  const hasListener = isAsked("worker", "relay", ...SERVICE_PARTS);
  if (hasListener)
    open(
      await openListener({
        port: config.ports.worker,
        address: config.serviceAddress,
        drainMs: config.drainMs,
        bodyMaxBytes: SERVICE_BODY_MAX_BYTES,
        log,
        metrics,
        isReady: async () => {
          await requireTasks(prisma);
          // A gateway admits tasks even without the queue; a worker gets none without it.
          if (worker !== null) await queue?.ping();
          return worker === null ? !isAsked("worker") : worker.isRunning();
        },
        routes: (app) => serveServices(app, servedBy(config), services, serviceMetrics(metrics)),
      }),
    );
  if (isAsked("worker", "relay") && config.isTelemetryOn)
    open(openRelay({ prisma, senders: openProjectSenders(config.otlpUrl, config.otlpKey, keysOfProjects(prisma, config)), log, metrics }));
  const runner = isAsked("worker") ? { ...runnerOf(config, means, log), ...(ward && { ward }) } : null;
  if (runner !== null) open(await keepRegistered(prisma, runner.version, systemClock, log));
  // The worker starts after the gateway, which need not wait for a ward, and ends after it.
  const working = opening.use(new AsyncDisposableStack());
  if (isAsked("gateway") && queue !== null)
    open(
      await openGateway({
        ...{ prisma, queue, clock: systemClock, log, originPorts: [config.ports.console], workerTasksMax: config.worker.tasksMax },
        ...{
          ...config.gateway,
          runningMax: config.worker.runningMax,
          isTelemetryOn: config.isTelemetryOn,
          databaseUrl: config.databaseUrl,
          rateCounter: open(openCounter(config, log)),
        },
        ...{ port: config.ports.gateway, address: config.listenAddress, isPortShared: config.isGatewayShared, drainMs: config.drainMs },
        ownPort: config.isGatewayShared && !hasListener ? config.ports.worker : undefined,
      }),
    );
  if (isAsked("demo") || (isAsked("gateway") && config.demo.tasks > 0))
    open(runDemo({ prisma, gatewayUrl: config.gatewayUrl, gatewayKey: config.gatewayKey, log, settings: config.demo }));
  if (runner !== null && queue !== null) {
    // The first task of a dead worker must start at once, wherever the queue delivers it.
    await ward?.started;
    worker = working.adopt(openWorker(runner, queue, config.worker.tasksMax, metrics, log), ({ close }) => close());
    working.adopt(openReplayLoop(runner), ({ close }) => close());
  }

  const running = opening.move();
  return {
    close: () => {
      // A worker waits for its running tasks; a model may take longer than this process has.
      means.leave();
      return running.disposeAsync();
    },
  };
}
