import type { GithubReview, GithubReviewChange, GithubReviewState, NewGithubReview } from "@signalbox/db/prisma";
import type { GithubReviews } from "../github/githubReviews.ts";

/** Deployments in memory. */
export class MemoryReviews implements GithubReviews {
  readonly rows: (GithubReview & { state: GithubReviewState; nextAt: Date })[] = [];

  async take(review: NewGithubReview, now: Date): Promise<boolean> {
    const isSame = (row: GithubReview): boolean =>
      row.deliveryId === review.deliveryId ||
      (row.repository === review.repository && row.runId === review.runId && row.environment === review.environment);
    if (this.rows.some(isSame)) return false;
    this.rows.push({
      id: String(this.rows.length),
      ...review,
      receivedAt: now,
      nextAt: now,
      attempts: 0,
      comments: 0,
      told: null,
      state: "waiting",
    });
    return true;
  }

  async due(now: Date): Promise<GithubReview[]> {
    return this.rows.filter(({ state, nextAt }) => state === "waiting" && nextAt <= now);
  }

  async change(id: string, change: GithubReviewChange): Promise<void> {
    Object.assign(this.rows[Number(id)] ?? {}, change);
  }
}
