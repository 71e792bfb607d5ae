import type { ExportTarget } from "./export/openExport.ts";

/** What `signalbox eval run` may be told. */
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
