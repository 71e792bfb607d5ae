"use client";
import { Equal, EqualNot } from "lucide-react";
import { parseAsBoolean, useQueryState } from "nuqs";
import type { CSSProperties } from "react";
import { classNames } from "../../components/ui/classNames.ts";
import { Checkbox } from "../../components/ui/form/Checkbox.tsx";
import { Panel } from "../../components/ui/layout/Panel.tsx";
import { ScrollRegion } from "../../components/ui/layout/ScrollRegion.tsx";
import { ClampedText } from "../../components/ui/text/ClampedText.tsx";
import { JsonView, prettyJson } from "../../components/ui/text/JsonView.tsx";
import { formatCost, formatCount } from "../../format/amounts.ts";
import { formatDuration } from "../../format/duration.ts";
import { type SideRow, sideRows, stateRows } from "./sideRows.ts";
import { type Side, type SideStep, stepContent, stepTitle } from "./words.ts";

/** A side with its label. */
export type NamedSide = { label: string; side: Side };

const NS_PER_MS = 1e6;
const LINES_MAX = 6;

const gridOf = (sides: number): CSSProperties => ({ gridTemplateColumns: `3.5rem repeat(${sides}, minmax(14rem, 1fr))` });

type StepsProps = { sides: readonly NamedSide[]; strictness: { courses: boolean }; divergedAt: number | null };

/** The steps of several sides in parallel; a step that all did alike is shown once. `divergedAt` is the step of the first divergence. */
export function StepsSideBySide({ sides, strictness, divergedAt }: StepsProps) {
  const [onlyDifferent, setOnlyDifferent] = useQueryState("different", parseAsBoolean.withDefault(false));
  const rows = sideRows(
    sides.map(({ side }) => side),
    strictness,
  );
  const different = rows.filter(({ isSame }) => !isSame);
  const shown = onlyDifferent ? different : rows;
  return (
    <Panel
      title="Steps"
      aside={
        <Checkbox checked={onlyDifferent} onChange={(isOnly) => void setOnlyDifferent(isOnly)}>
          Only those that differ ({different.length} of {rows.length})
        </Checkbox>
      }
    >
      <ScrollRegion label="Steps side by side" className="overflow-x-auto outline-none">
        <div className="min-w-fit">
          <div
            style={gridOf(sides.length)}
            className="grid h-8 items-center gap-x-3 border-b border-line bg-canvas px-4 text-xs text-faint"
          >
            <span className="font-medium">Step</span>
            {sides.map(({ label }) => (
              <span key={label} className="truncate font-medium" title={label}>
                {label}
              </span>
            ))}
          </div>
          {shown.length === 0 && <p className="px-4 py-6 text-center text-muted">All steps are the same.</p>}
          <ol>
            {shown.map((row) => (
              <Row key={row.step} row={row} isFirst={row.step === divergedAt} />
            ))}
          </ol>
        </div>
      </ScrollRegion>
    </Panel>
  );
}

function Row({ row: { step, steps, isSame }, isFirst }: { row: SideRow; isFirst: boolean }) {
  return (
    <li
      data-different={!isSame}
      style={gridOf(steps.length)}
      className={classNames(
        "grid gap-x-3 border-b border-line/70 px-4 py-2 last:border-0",
        !isSame && "bg-caution-soft/50 shadow-[inset_2px_0_0_var(--caution-mark)]",
      )}
    >
      <span className="flex items-start gap-1 text-sm text-faint tabular-nums">
        {isSame ? (
          <Equal className="mt-1 size-3" aria-label="the same" />
        ) : (
          <EqualNot className="mt-1 size-3 text-caution" aria-label="differs" />
        )}
        {step}
      </span>
      {isSame ? (
        <Cell step={steps[0] ?? null} others={steps.slice(1)} isWide />
      ) : (
        // biome-ignore lint/suspicious/noArrayIndexKey: sides never move
        steps.map((one, index) => <Cell key={index} step={one} others={[]} />)
      )}
      {isFirst && <span className="col-span-full text-xs font-medium text-caution">Here they first part.</span>}
    </li>
  );
}

/** A step of one side; with `isWide`, a step common to all, with each side's usage. */
function Cell({ step, others, isWide = false }: { step: SideStep | null; others: readonly (SideStep | null)[]; isWide?: boolean }) {
  if (step === null) return <span className="text-sm text-faint">no such step</span>;
  const content = stepContent(step);
  const isEmpty = content === "" || (typeof content === "object" && content !== null && Object.keys(content).length === 0);
  const took = [step, ...others].flatMap((one) => (one === null ? [] : [tookText(one)]));
  return (
    <div className={classNames("min-w-0", isWide && "col-[2/-1]")}>
      <p className="flex flex-wrap items-baseline gap-x-2">
        <span className="font-medium [overflow-wrap:anywhere]">{stepTitle(step)}</span>
        <span className="text-xs text-faint tabular-nums">{took.join(" | ")}</span>
      </p>
      {!isEmpty && (
        <div className="mt-0.5 text-sm text-muted">
          <Content value={content} />
        </div>
      )}
    </div>
  );
}

/** Text is shown as prose, other values as JSON. */
function Content({ value }: { value: unknown }) {
  if (typeof value !== "string" || prettyJson(value).isJson) return <JsonView value={value} linesMax={LINES_MAX} />;
  return (
    <ClampedText text={value} linesMax={LINES_MAX}>
      {(shown) => <p className="whitespace-pre-wrap [overflow-wrap:anywhere]">{shown}</p>}
    </ClampedText>
  );
}

function tookText({ durationMs, tokens, costUsd }: SideStep): string {
  const amounts = [...(tokens === 0 ? [] : [`${formatCount(tokens)} tokens`]), ...(costUsd === 0 ? [] : [formatCost(costUsd)])];
  return [formatDuration(durationMs * NS_PER_MS), ...amounts].join(", ");
}

/** The documents of a task's data that the sides left in different states. */
export function StateSideBySide({ sides }: { sides: readonly NamedSide[] }) {
  const rows = stateRows(sides.map(({ side }) => side));
  const isKnown = sides.filter(({ side }) => side.state !== null).length > 1;
  return (
    <Panel
      title="Data that they left"
      aside={
        isKnown && (
          <span className="text-xs text-faint">{rows.length === 1 ? "1 document differs" : `${rows.length} documents differ`}</span>
        )
      }
    >
      {!isKnown && <p className="px-4 py-3 text-sm text-muted">Nobody looked at the data: a recorded replay has none.</p>}
      {isKnown && rows.length === 0 && <p className="px-4 py-3 text-sm text-muted">All that were looked at left the same data.</p>}
      {rows.map(({ document, texts }) => (
        <div key={document} className="border-b border-line/70 px-4 py-2 last:border-0">
          <p className="font-mono text-xs text-muted [overflow-wrap:anywhere]">{document}</p>
          <div className="mt-1 grid gap-3" style={{ gridTemplateColumns: `repeat(${texts.length}, minmax(0, 1fr))` }}>
            {texts.map((text, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: sides never move
              <div key={index} className="min-w-0">
                <p className="truncate text-xs text-faint">{sides[index]?.label}</p>
                {text === undefined ? (
                  <span className="text-sm text-faint">nobody looked</span>
                ) : text === null ? (
                  <span className="text-sm text-faint">not touched</span>
                ) : (
                  <JsonView value={text} linesMax={LINES_MAX} />
                )}
              </div>
            ))}
          </div>
        </div>
      ))}
    </Panel>
  );
}
