import {
  LANGUAGE_CONTRACT,
  MEMORY_CONTRACT,
  PLANNING_CONTRACT,
  type ServiceMetrics,
  serveService,
  TOOLS_CONTRACT,
} from "@signalbox/listener";
import type { FastifyInstance } from "fastify";
import type { Services } from "../worker/converse.ts";

/** Functions that serve each service over HTTP. */
const SERVE: { readonly [Name in keyof Services]: (app: FastifyInstance, services: Services, metrics: ServiceMetrics) => void } = {
  language: (app, { language }, metrics) => serveService(app, LANGUAGE_CONTRACT, language, metrics),
  memory: (app, { memory }, metrics) => serveService(app, MEMORY_CONTRACT, memory, metrics),
  planning: (app, { planning }, metrics) => serveService(app, PLANNING_CONTRACT, planning, metrics),
  tools: (app, { tools }, metrics) => serveService(app, TOOLS_CONTRACT, tools, metrics),
};

/** Serves the named services over HTTP. */
export function serveServices(app: FastifyInstance, names: Iterable<keyof Services>, services: Services, metrics: ServiceMetrics): void {
  for (const name of names) SERVE[name](app, services, metrics);
}
