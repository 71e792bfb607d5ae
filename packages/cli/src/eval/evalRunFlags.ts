import type { ExportTarget } from "./export/openExport.ts";

/** The flags of `signalbox eval run`. */
export interface EvalRunFlags {
  project: string;
  dataset?: string;
  split?: string;
  target?: string;
  header?: string[];
  scorers?: string[];
  repeats?: number;
  unit?: string;
  concurrency?: number;
  rate?: number;
  timeout?: number;
  name?: string;
  results?: string;
  resume?: string;
  export?: ExportTarget;
}
