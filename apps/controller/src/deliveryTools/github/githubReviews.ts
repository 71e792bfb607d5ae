import type { GithubReview, GithubReviewChange, NewGithubReview } from "@signalbox/db/prisma";

/** GitHub deployments that wait for gates. */
export interface GithubReviews {
  /** Stores a deployment once; returns whether it is new. */
  take(review: NewGithubReview, now: Date): Promise<boolean>;
  due(now: Date, rowsMax: number): Promise<GithubReview[]>;
  change(id: string, change: GithubReviewChange): Promise<void>;
}
