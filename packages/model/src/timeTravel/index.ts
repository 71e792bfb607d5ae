export { type KnownRequest, knownRequests } from "./knownRequests.ts";
export { momentsOf, type TaskHistory, type TaskMoment } from "./taskMoment.ts";
export { foldMoment, type MemoryItem, NO_STATE, type Said, stateAt, type TaskFacts, type TaskState } from "./taskState.ts";
export { type Lasting, type TaskFact, type TaskTimeline, timelineOf } from "./taskTimeline.ts";
