export {
  changeGithubReview,
  type GithubReview,
  type GithubReviewChange,
  type GithubReviewState,
  listDueGithubReviews,
  type NewGithubReview,
  takeGithubReview,
} from "./githubReviewStore.ts";
export { listNewestRollouts } from "./newestRollouts.ts";
export {
  addDeliveryEvent,
  bindStage,
  type DeliveryEvent,
  findStage,
  isStageTaken,
  listDeliveryEvents,
  openStage,
  type RecordedStage,
  resetStage,
  type StageKey,
} from "./stageStore.ts";
