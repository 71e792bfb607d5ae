import { changeGithubReview, listDueGithubReviews, type PrismaClient, takeGithubReview } from "@signalbox/db/prisma";
import type { GithubReviews } from "./githubReviews.ts";

/** Deployments in the state store. */
export function storedReviews(prisma: PrismaClient): GithubReviews {
  return {
    take: (review, now) => takeGithubReview(prisma, review, now),
    due: (now, rowsMax) => listDueGithubReviews(prisma, now, rowsMax),
    change: (id, change) => changeGithubReview(prisma, id, change),
  };
}
