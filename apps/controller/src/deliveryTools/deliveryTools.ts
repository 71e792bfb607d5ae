import type { StageBook } from "./flagger/stageBook.ts";
import type { GateEntrance } from "./gateEntrance.ts";
import type { GithubConfig } from "./github/githubConfig.ts";
import type { GithubReviews } from "./github/githubReviews.ts";
import type { RolloutReader } from "./judgedRollout.ts";
import type { KeptChecks } from "./keptChecks.ts";

/** Dependencies of the adapters. `github` is null if no App is configured, `clock` returns milliseconds since 1970. */
export type DeliveryTools = {
  entrance: GateEntrance;
  rollouts: RolloutReader;
  checks: KeptChecks;
  stages: StageBook;
  github: { config: GithubConfig; reviews: GithubReviews } | null;
  clock: () => number;
};
