import { LANGUAGE_CONTRACT, MEMORY_CONTRACT, PLANNING_CONTRACT, serveService, TOOLS_CONTRACT } from "@signalbox/listener";
import type { FastifyInstance } from "fastify";
import type { Services } from "../worker/converse.ts";

/** How to serve each service over HTTP. */
const SERVE: { readonly [Name in keyof Services]: (app: FastifyInstance, services: Services) => void } = {
  language: (app, { language }) => serveService(app, LANGUAGE_CONTRACT, language),
  memory: (app, { memory }) => serveService(app, MEMORY_CONTRACT, memory),
  planning: (app, { planning }) => serveService(app, PLANNING_CONTRACT, planning),
  tools: (app, { tools }) => serveService(app, TOOLS_CONTRACT, tools),
};

/** Serves the named services over HTTP. */
export function serveServices(app: FastifyInstance, names: Iterable<keyof Services>, services: Services): void {
  for (const name of names) SERVE[name](app, services);
}
