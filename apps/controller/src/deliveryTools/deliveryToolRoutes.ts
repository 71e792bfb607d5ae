import type { FastifyInstance } from "fastify";
import { argoRoutes } from "./argo/argoRoutes.ts";
import { flaggerRoutes } from "./flagger/flaggerRoutes.ts";
import type { StageBook } from "./flagger/stageBook.ts";
import type { GateEntrance } from "./gateEntrance.ts";
import type { GithubConfig } from "./github/githubConfig.ts";
import type { GithubReviews } from "./github/githubReviews.ts";
import { githubRoutes } from "./github/githubRoutes.ts";
import type { RolloutReader } from "./judgedRollout.ts";
import { kayentaRoutes } from "./kayenta/kayentaRoutes.ts";
import { prometheusRoutes } from "./prometheus/prometheusRoutes.ts";

/** What the adapters work with. `github` is null where no App is configured, `clock` answers milliseconds since 1970. */
export type DeliveryTools = {
  entrance: GateEntrance;
  rollouts: RolloutReader;
  stages: StageBook;
  github: { config: GithubConfig; reviews: GithubReviews } | null;
  clock: () => number;
};

/** Every delivery tool's way to ask a gate: a folder each, and a line here. */
export function deliveryToolRoutes(app: FastifyInstance, tools: DeliveryTools): void {
  argoRoutes(app, tools);
  flaggerRoutes(app, tools);
  prometheusRoutes(app, tools);
  githubRoutes(app, tools);
  kayentaRoutes(app, tools);
}
