export { A_LIFE, aTaskLife } from "./aTaskLife.ts";
