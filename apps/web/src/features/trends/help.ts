/** Explanations of each number and its reliability, in a sentence or two. */
export const HELP = {
  volume: {
    traces:
      "Traces by when their root span began. A trace whose root has not arrived is not among them. A span that was sent twice counts once.",
    calls:
      "Calls of models by when they began. Of calls inside one another, as a framework and the client below it report them, the innermost counts.",
  },
  errors: {
    traces: "The share of traces whose root span failed. There is no line where no trace began: nothing is not the same as nothing failed.",
    calls: "The share of model calls that failed. There is no line where no call began.",
  },
  latency: {
    traces: latencyHelp("traces", "from the beginning of the root span to its end"),
    calls: latencyHelp("calls", "from the request to the end of the answer"),
  },
  tokens: "Tokens of model calls as they were told. A call that told none counts as 0.",
  cost: "What model calls cost: as their sender told it, else by the price table of the call's day. ≥ stands where some calls have neither: the sum is at least that.",
  models:
    "The five costliest models of this time, one on top of the other; everything else is one sum. The number is the share of the costliest. A chosen model does not change this plot.",
} as const;

function latencyHelp(things: string, measured: string): string {
  return `Estimates, right to 1 %: half of the ${things} took no longer than p50, 95 of 100 no longer than p95. Measured ${measured}. Of few ${things} a high percentile is not the slowest one: with fewer than 100, p99 is the last but one. The number above is of all ${things} of this time, not a mean of the steps.`;
}
