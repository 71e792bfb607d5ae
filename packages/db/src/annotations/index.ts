export {
  type AnnotationDisagreement,
  addAnnotationItems,
  claimAnnotationItem,
  listAnnotationDisagreements,
} from "./annotationItems.ts";
export {
  labelAnnotationItem,
  listAnnotations,
  settleAnnotationItem,
  skipAnnotationItem,
  streamAnnotations,
  undoAnnotation,
} from "./annotationLabels.ts";
export {
  createAnnotationQueue,
  listAnnotationQueues,
  readAnnotationProgress,
  requireAnnotationQueue,
  requireAnnotationQueueNamed,
} from "./annotationQueues.ts";
export { listJudgeCalibrations, storeJudgeCalibration } from "./judgeCalibrations.ts";
export { publishAnnotations } from "./publishAnnotations.ts";
