import type { FastifyInstance } from "fastify";
import { argoRoutes } from "./argo/argoRoutes.ts";
import type { DeliveryTools } from "./deliveryTools.ts";
import { flaggerRoutes } from "./flagger/flaggerRoutes.ts";
import { githubRoutes } from "./github/githubRoutes.ts";
import { kayentaRoutes } from "./kayenta/kayentaRoutes.ts";
import { prometheusRoutes } from "./prometheus/prometheusRoutes.ts";

/** Every delivery tool's way to ask a gate: a folder each, and a line here. */
export function deliveryToolRoutes(app: FastifyInstance, tools: DeliveryTools): void {
  argoRoutes(app, tools);
  flaggerRoutes(app, tools);
  prometheusRoutes(app, tools);
  githubRoutes(app, tools);
  kayentaRoutes(app, tools);
}
