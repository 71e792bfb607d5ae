import type { RouterOutputs } from "@signalbox/api/client";

/** A trace as the list has it. */
export type TraceRow = RouterOutputs["traces"]["list"]["traces"][number];
