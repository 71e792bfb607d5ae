import type { GithubReview, GithubReviewChange, NewGithubReview } from "@signalbox/db/prisma";

/** Deployments of GitHub's that wait for gates. */
export interface GithubReviews {
  /** Takes one in, once; answers whether it is new. */
  take(review: NewGithubReview, now: Date): Promise<boolean>;
  due(now: Date, rowsMax: number): Promise<GithubReview[]>;
  change(id: string, change: GithubReviewChange): Promise<void>;
}
