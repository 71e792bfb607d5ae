import { classNames } from "../../../components/ui/classNames.ts";
import { formatCount } from "../../../format/amounts.ts";
import { type Batch, isUnderWay, SHARE_NAMES, SHARES } from "../words.ts";

/** How far a batch is and what came of it, as a bar and in words. */
export function BatchShares({ batch }: { batch: Batch }) {
  const { replays, counts } = batch;
  const told = SHARE_NAMES.filter((share) => counts[share] > 0);
  const said = told.map((share) => `${formatCount(counts[share])} ${SHARES[share].label}`).join(", ");
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <div
        role="progressbar"
        aria-label="Replays that have ended"
        aria-valuemin={0}
        aria-valuemax={replays}
        aria-valuenow={replays - counts.pending - counts.running}
        aria-valuetext={said}
        className="flex h-1.5 overflow-hidden rounded-full bg-sunken"
      >
        {told.map((share) => (
          <div
            key={share}
            className={classNames("h-full", SHARES[share].bar)}
            style={{ width: `${(counts[share] / Math.max(1, replays)) * 100}%` }}
          />
        ))}
      </div>
      <p role={isUnderWay(batch) ? "status" : undefined} className="text-sm text-muted tabular-nums">
        {said}
      </p>
    </div>
  );
}
