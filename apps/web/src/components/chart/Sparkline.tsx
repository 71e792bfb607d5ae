const WIDTH = 112;
const HEIGHT = 20;
const BAR_GAP = 1;

/** Counts over equal steps as small bars in a line of text, relative to the highest. `label` describes them in words. */
export function Sparkline({ counts, label }: { counts: readonly number[]; label: string }) {
  const most = Math.max(1, ...counts);
  const step = WIDTH / Math.max(1, counts.length);
  return (
    <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} className="h-5 w-28 text-accent" role="img" aria-label={label} preserveAspectRatio="none">
      <title>{label}</title>
      <path d={`M0 ${HEIGHT - 0.5}H${WIDTH}`} className="stroke-line-strong" strokeWidth="1" />
      {counts.map((count, index) => {
        const height = count === 0 ? 0 : Math.max(2, (count / most) * (HEIGHT - 1));
        return (
          <rect
            // biome-ignore lint/suspicious/noArrayIndexKey: a step has no other name
            key={index}
            x={index * step}
            y={HEIGHT - height}
            width={step - BAR_GAP}
            height={height}
            fill="currentColor"
          />
        );
      })}
    </svg>
  );
}
