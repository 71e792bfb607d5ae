import { formatShare } from "../../format/amounts.ts";
import type { Calibration } from "./calibrationParams.ts";

const SIZE_PX = 260;
const EDGE_PX = 34;
const TICKS = [0, 0.25, 0.5, 0.75, 1];
const DOT_PX = { min: 3, max: 9 } as const;

/**
 * Confidence of decisions against their accuracy: on the diagonal they are calibrated, below it overconfident. Larger dots stand for more
 * decisions; lines are 95 % intervals.
 */
export function ReliabilityDiagram({ bins, label }: { bins: Calibration["bins"]; label: string }) {
  const at = (share: number): number => EDGE_PX + share * SIZE_PX;
  const yAt = (share: number): number => 8 + (1 - share) * SIZE_PX;
  const most = Math.max(...bins.map(({ answers }) => answers));
  const dotPx = (answers: number): number => DOT_PX.min + (DOT_PX.max - DOT_PX.min) * Math.sqrt(answers / most);
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${SIZE_PX + EDGE_PX + 18} ${SIZE_PX + 40}`}
      className="w-full max-w-96 text-xs [&_text]:fill-faint"
    >
      {TICKS.map((tick) => (
        <g key={tick}>
          <line x1={at(0)} x2={at(1)} y1={yAt(tick)} y2={yAt(tick)} className={tick === 0 ? "stroke-line-strong" : "stroke-line"} />
          <text x={at(0) - 5} y={yAt(tick) + 3.5} textAnchor="end" fontSize={10}>
            {formatShare(tick)}
          </text>
          <text x={at(tick)} y={yAt(0) + 14} textAnchor="middle" fontSize={10}>
            {formatShare(tick)}
          </text>
        </g>
      ))}
      <line x1={at(0)} y1={yAt(0)} x2={at(1)} y2={yAt(1)} className="stroke-line-strong" strokeDasharray="4 3" />
      {bins.map(({ from, confidence, share }) => (
        <line
          key={from}
          x1={at(confidence)}
          x2={at(confidence)}
          y1={yAt(share.lower)}
          y2={yAt(share.upper)}
          className="stroke-accent opacity-60"
          strokeWidth={1.5}
        />
      ))}
      {bins.map(({ from, answers, confidence, share }) => (
        <circle key={from} cx={at(confidence)} cy={yAt(share.value)} r={dotPx(answers)} className="fill-accent" />
      ))}
      <text x={at(0.5)} y={yAt(0) + 28} textAnchor="middle" fontSize={10}>
        how sure
      </text>
    </svg>
  );
}
