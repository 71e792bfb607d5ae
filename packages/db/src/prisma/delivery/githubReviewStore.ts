import { newId } from "@signalbox/model";
import type { Prisma, PrismaClient } from "../generated/client.ts";
import { askStateStore } from "../stateStore.ts";

/** The state of a deployment review: it waits for its gate, was answered, or no longer exists at GitHub. */
export type GithubReviewState = "waiting" | "approved" | "rejected" | "gone";

/** A deployment review as requested by GitHub. `deliveryId` is GitHub's id of the request. */
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
 * A deployment that waits for its gate. `attempts` counts failures since the
 * last success, `comments` the comments about holds, `told` is the last message.
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
 * Stores a deployment review once: a repeated delivery, or one with a
 * known run and environment, changes nothing. Returns whether it is new.
 */
export async function takeGithubReview(prisma: PrismaClient, review: NewGithubReview, now: Date): Promise<boolean> {
  const data = [
    { id: newId(), ...review, runId: BigInt(review.runId), installation: BigInt(review.installation), receivedAt: now, nextAt: now },
  ];
  return (await askStateStore(() => prisma.githubReviewRow.createMany({ data, skipDuplicates: true }))).count > 0;
}

/** Up to `rowsMax` deployment reviews that are due, longest due first. */
export async function listDueGithubReviews(prisma: PrismaClient, now: Date, rowsMax: number): Promise<GithubReview[]> {
  const where = { endedAt: null, nextAt: { lte: now } };
  return (
    await askStateStore(() => prisma.githubReviewRow.findMany({ where, orderBy: [{ nextAt: "asc" }, { id: "asc" }], take: rowsMax }))
  ).map(toReview);
}

/** The changes after a look at a deployment. With the state `waiting`, the next look is at `nextAt`. */
export type GithubReviewChange = {
  state: GithubReviewState;
  now: Date;
  nextAt: Date;
  attempts: number;
  comments: number;
  told: string | null;
};

/** Stores the result of a look; a review that was answered meanwhile stays as it is. */
export async function changeGithubReview(prisma: PrismaClient, id: string, { now, ...change }: GithubReviewChange): Promise<void> {
  const data = { ...change, endedAt: change.state === "waiting" ? null : now };
  await askStateStore(() => prisma.githubReviewRow.updateMany({ where: { id, endedAt: null }, data }));
}
