import { newId } from "@signalbox/model";
import type { Prisma, PrismaClient } from "../generated/client.ts";
import { askStateStore } from "../stateStore.ts";

/** What became of a deployment: it waits for its gate, was answered, or GitHub knows it no more. */
export type GithubReviewState = "waiting" | "approved" | "rejected" | "gone";

/** A deployment that GitHub asks about, as it came. `deliveryId` is GitHub's own of the request. */
export type NewGithubReview = {
  project: string;
  gate: string;
  deliveryId: string;
  repository: string;
  runId: number;
  environment: string;
  installation: number;
  sha: string;
};

/**
 * A deployment that waits for its gate. `attempts` are those that failed since the last
 * that did not, `comments` how often it was told of a hold, `told` what was said last.
 */
export type GithubReview = NewGithubReview & { id: string; receivedAt: Date; attempts: number; comments: number; told: string | null };

function toReview({
  runId,
  installation,
  nextAt: _,
  state: __,
  endedAt: ___,
  ...row
}: Prisma.GithubReviewRowGetPayload<object>): GithubReview {
  return { ...row, runId: Number(runId), installation: Number(installation) };
}

/**
 * Takes a deployment in, once: one whose delivery, or whose run and
 * environment, is there already changes nothing. Answers whether it is new.
 */
export async function takeGithubReview(prisma: PrismaClient, review: NewGithubReview, now: Date): Promise<boolean> {
  const data = [
    { id: newId(), ...review, runId: BigInt(review.runId), installation: BigInt(review.installation), receivedAt: now, nextAt: now },
  ];
  return (await askStateStore(() => prisma.githubReviewRow.createMany({ data, skipDuplicates: true }))).count > 0;
}

/** Up to `rowsMax` deployments that are to be looked at by now, the longest due first. */
export async function listDueGithubReviews(prisma: PrismaClient, now: Date, rowsMax: number): Promise<GithubReview[]> {
  const where = { endedAt: null, nextAt: { lte: now } };
  return (await askStateStore(() => prisma.githubReviewRow.findMany({ where, orderBy: { nextAt: "asc" }, take: rowsMax }))).map(toReview);
}

/** What a look at a deployment leaves behind. `state` waiting: it is looked at again at `nextAt`. */
export type GithubReviewChange = {
  state: GithubReviewState;
  now: Date;
  nextAt: Date;
  attempts: number;
  comments: number;
  told: string | null;
};

/** Puts on record what came of a look; one that was answered meanwhile stays as it is. */
export async function changeGithubReview(prisma: PrismaClient, id: string, { now, ...change }: GithubReviewChange): Promise<void> {
  const data = { ...change, endedAt: change.state === "waiting" ? null : now };
  await askStateStore(() => prisma.githubReviewRow.updateMany({ where: { id, endedAt: null }, data }));
}
