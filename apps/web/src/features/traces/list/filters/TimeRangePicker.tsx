"use client";
import { CalendarClock } from "lucide-react";
import { useState } from "react";
import { classNames } from "../../../../components/ui/classNames.ts";
import { Button } from "../../../../components/ui/form/Button.tsx";
import { Input } from "../../../../components/ui/form/Input.tsx";
import { Popover } from "../../../../components/ui/overlay/Popover.tsx";
import { formatMoment, formatStretch } from "../../../../format/time.ts";
import { usePreference } from "../../../../preferences/usePreference.ts";
import { keysOf } from "../../../../shortcuts/index.ts";
import { LAST_RANGES, type ListParams } from "../listParams.ts";

type Range = Pick<ListParams, "range" | "from" | "to">;

/** Chooses the time range of the list. */
export function TimeRangePicker({
  range,
  onChange,
  isOpen,
  onOpenChange,
}: {
  range: Range;
  onChange: (range: Range) => void;
  isOpen: boolean;
  onOpenChange: (open: boolean) => void;
}) {
  const [clock] = usePreference("clock");
  const zone = clock === "utc" ? "utc" : "local";
  const choose = (next: Range): void => {
    onChange(next);
    onOpenChange(false);
  };
  return (
    <Popover
      title="Time range"
      align="end"
      open={isOpen}
      onOpenChange={onOpenChange}
      className="w-72 p-2"
      trigger={
        <Button aria-keyshortcuts={keysOf("timeRange")}>
          <CalendarClock className="size-3.5" aria-hidden />
          {nameOf(range, zone)}
        </Button>
      }
    >
      <ul>
        {LAST_RANGES.map((last) => (
          <li key={last.value}>
            <button
              type="button"
              onClick={() => choose({ range: last.value, from: null, to: null })}
              className={classNames(
                "flex h-7 w-full items-center justify-between rounded-sm px-2 text-sm hover:bg-hover",
                range.from === null && range.range === last.value && "bg-accent-soft font-medium text-accent",
              )}
            >
              {last.label}
              <span className="text-xs text-faint">{last.value}</span>
            </button>
          </li>
        ))}
      </ul>
      <BetweenForm
        key={`${range.from} ${range.to}`}
        range={range}
        zone={zone}
        onChoose={(from, to) => choose({ range: range.range, from, to })}
      />
    </Popover>
  );
}

/** A time in the form of a date field, `2026-11-23T14:03`, in the given zone. */
const fieldText = (iso: string | null, zone: "local" | "utc"): string =>
  iso === null || Number.isNaN(Date.parse(iso)) ? "" : formatMoment(Date.parse(iso), zone).slice(0, 16).replace(" ", "T");

const fromField = (text: string, zone: "local" | "utc"): number => Date.parse(zone === "utc" ? `${text}Z` : text);

function BetweenForm({ range, zone, onChoose }: { range: Range; zone: "local" | "utc"; onChoose: (from: string, to: string) => void }) {
  const [from, setFrom] = useState(fieldText(range.from, zone));
  const [to, setTo] = useState(fieldText(range.to, zone));
  const isRange = fromField(from, zone) < fromField(to, zone);
  return (
    <form
      className="mt-2 grid grid-cols-[4rem_1fr] items-center gap-x-2 gap-y-1.5 border-t border-line px-2 pt-3 pb-1 text-sm"
      onSubmit={(event) => {
        event.preventDefault();
        if (isRange) onChoose(new Date(fromField(from, zone)).toISOString(), new Date(fromField(to, zone)).toISOString());
      }}
    >
      <label htmlFor="range-from" className="text-muted">
        From
      </label>
      <Input id="range-from" type="datetime-local" value={from} onValueChange={setFrom} />
      <label htmlFor="range-to" className="text-muted">
        To
      </label>
      <Input id="range-to" type="datetime-local" value={to} onValueChange={setTo} />
      <span className="text-xs text-faint">{zone === "utc" ? "UTC" : "Local time"}</span>
      <Button type="submit" tone="primary" disabled={!isRange} className="justify-self-end">
        Show this range
      </Button>
    </form>
  );
}

function nameOf(range: Range, zone: "local" | "utc"): string {
  const [fromMs, toMs] = [Date.parse(range.from ?? ""), Date.parse(range.to ?? "")];
  if (fromMs < toMs) return formatStretch(fromMs, toMs, zone);
  return LAST_RANGES.find((last) => last.value === range.range)?.label ?? range.range;
}
