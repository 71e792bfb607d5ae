import { Checkbox as Base } from "@base-ui/react/checkbox";
import { Ban, Check, Minus } from "lucide-react";
import { classNames } from "../../../../components/ui/classNames.ts";
import { MiddleCut } from "../../../../components/ui/text/MiddleCut.tsx";
import { formatCount, formatEstimate } from "../../../../format/amounts.ts";
import type { Choice } from "./filterNames.ts";

/**
 * A value of a facet with its number of traces, exact or approximate; null if no counted trace has it. It is wanted when ticked, excluded
 * when struck out. `isStop` if Tab stops at it.
 */
export function FacetValue({
  text,
  traces,
  isEstimate,
  choice,
  isStop,
  onChoose,
}: {
  text: string;
  traces: number | null;
  isEstimate: boolean;
  choice: Choice;
  isStop: boolean;
  onChoose: (choice: Choice) => void;
}) {
  const number = traces === null ? "" : isEstimate ? formatEstimate(traces) : formatCount(traces);
  const count = traces === null ? "not counted" : `${number} ${traces === 1 ? "trace" : "traces"}`;
  return (
    <li className="group relative flex h-7 items-center rounded-sm hover:bg-hover has-focus-visible:bg-hover">
      {/* biome-ignore lint/a11y/noLabelWithoutControl: the checkbox inside is the control */}
      <label className="flex h-full min-w-0 flex-1 items-center gap-2 pl-1.5 text-sm" title={text}>
        <Base.Root
          checked={choice === "only"}
          indeterminate={choice === "without"}
          onCheckedChange={() => onChoose(choice === null ? "only" : null)}
          onKeyDown={(event) => {
            if (event.key !== "-") return;
            event.preventDefault();
            onChoose(choice === "without" ? null : "without");
          }}
          tabIndex={isStop ? 0 : -1}
          data-facet-value=""
          aria-label={`${text}, ${count}${choice === "without" ? ", excluded" : ""}`}
          className="flex size-3.5 shrink-0 items-center justify-center rounded-sm border border-control bg-surface data-checked:border-accent data-checked:bg-accent data-indeterminate:border-danger-mark data-indeterminate:bg-danger-soft"
        >
          <Base.Indicator className="text-on-accent data-indeterminate:text-danger">
            {choice === "without" ? (
              <Minus className="size-2.5" strokeWidth={3} aria-hidden />
            ) : (
              <Check className="size-2.5" strokeWidth={3} aria-hidden />
            )}
          </Base.Indicator>
        </Base.Root>
        <span
          className={classNames(
            "min-w-0 flex-1",
            choice === "only" && "font-medium",
            choice === "without" && "text-danger line-through",
            traces === 0 && choice === null && "text-faint",
          )}
        >
          <MiddleCut text={text} />
        </span>
      </label>
      <button
        type="button"
        tabIndex={-1}
        aria-pressed={choice === "without"}
        aria-label={`Exclude ${text}`}
        title="Exclude (−)"
        onClick={() => onChoose(choice === "without" ? null : "without")}
        className="flex size-6 shrink-0 items-center justify-center rounded-sm text-faint opacity-0 hover:bg-line hover:text-danger focus-visible:opacity-100 group-hover:opacity-100 group-has-focus-visible:opacity-100 aria-pressed:opacity-100"
      >
        <Ban className="size-3.5" aria-hidden />
      </button>
      <span aria-hidden className="min-w-8 shrink-0 pr-1.5 text-right text-xs text-faint tabular-nums">
        {number}
      </span>
    </li>
  );
}
