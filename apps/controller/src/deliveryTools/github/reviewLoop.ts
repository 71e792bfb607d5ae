import { type Loop, openLoop } from "@signalbox/listener";
import type { Logger } from "pino";
import type { RolloutReader } from "../judgedRollout.ts";
import type { KeptChecks } from "../keptChecks.ts";
import type { GithubApp } from "./githubApp.ts";
import type { GithubReviews } from "./githubReviews.ts";
import { reviewStep } from "./reviewStep.ts";

/** How often the loop looks for deployments that are due, in milliseconds. */
const PAUSE_MS = 2_000;

/** The most deployments in one round. */
const REVIEWS_MAX = 20;

/**
 * Answers deployments that wait for a gate, as soon as it decides. An answer that cannot be sent now is due again later. `clock` returns
 * milliseconds since 1970.
 */
export function openReviewLoop({
  reviews,
  rollouts,
  checks,
  app,
  clock,
  log,
}: {
  reviews: GithubReviews;
  rollouts: RolloutReader;
  checks: KeptChecks;
  app: GithubApp;
  clock: () => number;
  log: Logger;
}): Loop {
  return openLoop("github reviews", PAUSE_MS, log, async () => {
    const due = await reviews.due(new Date(clock()), REVIEWS_MAX);
    for (const review of due) {
      const change = await reviewStep(review, { rollouts, checks, app, now: new Date(clock()) });
      await reviews.change(review.id, change);
      const { repository, runId, environment } = review;
      if (change.state !== "waiting") log.info({ repository, runId, environment, state: change.state }, "a deployment was answered");
      else if (change.attempts > 0)
        log.warn(
          { repository, runId, environment, attempts: change.attempts },
          "a deployment could not be answered: its gate cannot be read, or GitHub does not take the answer; it is tried again",
        );
    }
    return due.length === REVIEWS_MAX ? "more" : "idle";
  });
}
