import { formatScore } from "../../format/scores.ts";

/** A score with its 95 % confidence interval. */
export function ScoreWithInterval({ value, interval }: { value: number; interval: { lower: number; upper: number } }) {
  return (
    <span className="whitespace-nowrap">
      {formatScore(value)}{" "}
      <span className="text-faint" title="95% interval">
        {formatScore(interval.lower)} to {formatScore(interval.upper)}
      </span>
    </span>
  );
}
