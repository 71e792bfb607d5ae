import type { StageBook } from "./flagger/stageBook.ts";
import type { GateEntrance } from "./gateEntrance.ts";
import type { GithubConfig } from "./github/githubConfig.ts";
import type { GithubReviews } from "./github/githubReviews.ts";
import type { RolloutReader } from "./judgedRollout.ts";
import type { KeptChecks } from "./keptChecks.ts";

/** What the adapters work with. `github` is null where no App is configured, `clock` answers milliseconds since 1970. */
export type DeliveryTools = {
  entrance: GateEntrance;
  rollouts: RolloutReader;
  checks: KeptChecks;
  stages: StageBook;
  github: { config: GithubConfig; reviews: GithubReviews } | null;
  clock: () => number;
};
