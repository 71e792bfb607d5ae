import type { FastifyInstance } from "fastify";
import { argoRoutes } from "./argo/argoRoutes.ts";
import type { DeliveryTools } from "./deliveryTools.ts";
import { flaggerRoutes } from "./flagger/flaggerRoutes.ts";
import { githubRoutes } from "./github/githubRoutes.ts";
import { kayentaRoutes } from "./kayenta/kayentaRoutes.ts";
import { prometheusRoutes } from "./prometheus/prometheusRoutes.ts";

/** The routes of every delivery tool: one folder and one line here for each. */
export function deliveryToolRoutes(app: FastifyInstance, tools: DeliveryTools): void {
  argoRoutes(app, tools);
  flaggerRoutes(app, tools);
  prometheusRoutes(app, tools);
  githubRoutes(app, tools);
  kayentaRoutes(app, tools);
}
