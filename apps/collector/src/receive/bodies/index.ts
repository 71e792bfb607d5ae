export { Bodies, bufferOf } from "./bodies.ts";
