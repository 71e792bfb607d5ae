/** A score: three digits behind the point are as many as are worth reading. */
export function formatScore(value: number | null): string {
  return value === null ? "unknown" : value.toFixed(3);
}

/** A difference with its sign. */
export function formatChange(value: number | null): string {
  return value === null ? "unknown" : `${value > 0 ? "+" : value < 0 ? "−" : ""}${Math.abs(value).toFixed(3)}`;
}

/** A score with the interval that it lies in, 95 of 100 times. */
export function ScoreWithInterval({ value, interval }: { value: number; interval: { lower: number; upper: number } }) {
  return (
    <span className="whitespace-nowrap">
      {formatScore(value)}{" "}
      <span className="text-faint" title="95 % interval">
        {formatScore(interval.lower)} to {formatScore(interval.upper)}
      </span>
    </span>
  );
}
