"use client";
import { X } from "lucide-react";
import { useState } from "react";
import { Button } from "../../components/ui/form/Button.tsx";
import { Select } from "../../components/ui/form/Select.tsx";
import { ScreenBar } from "../../components/ui/layout/ScreenBar.tsx";
import { useShortcuts } from "../../shortcuts/index.ts";
import { TimeRangePicker } from "../traces/index.ts";
import { stepName } from "./stepNames.ts";
import { type Overview, subjectOf, type TrendParams } from "./trendParams.ts";

const SUBJECTS = [
  { value: "traces", label: "Traces" },
  { value: "calls", label: "Model calls" },
] as const;

const EVERY = "";

/** The subject and time range of the page, and controls to change them. */
export function TrendsBar({
  params,
  overview,
  onChange,
}: {
  params: TrendParams;
  overview: Overview | undefined;
  onChange: (change: Partial<TrendParams>) => void;
}) {
  const [isRangeOpen, setRangeOpen] = useState(false);
  useShortcuts({ timeRange: () => setRangeOpen(true) });
  const { project, model, service } = params;
  const services = [...new Set([...(overview?.services ?? []).map((one) => one.service), ...(service ? [service] : [])])];
  return (
    <ScreenBar title="Trends" about={`What the agents of project ${project} did, how well and at what cost.`}>
      <div className="ml-auto flex min-w-0 flex-wrap items-center gap-2">
        {model && (
          <Button
            aria-label={`All models again, not only ${model}`}
            title={model}
            className="max-w-64 border-accent bg-accent-soft text-accent"
            onClick={() => onChange({ model: null })}
          >
            <span className="truncate font-mono text-xs">{model}</span>
            <X className="size-3 shrink-0" aria-hidden />
          </Button>
        )}
        {!model && <Select label="Plots of" value={subjectOf(params)} options={SUBJECTS} onChange={(of) => onChange({ of })} />}
        {services.length > 1 && (
          <Select
            label="Service"
            value={service ?? EVERY}
            options={[
              { value: EVERY, label: "All services" },
              ...services.map((name) => ({ value: name, label: name === "" ? "No service told" : name })),
            ].filter(({ value }, index) => index === 0 || value !== EVERY)}
            onChange={(chosen) => onChange({ service: chosen === EVERY ? null : chosen })}
            className="max-w-48"
          />
        )}
        {overview !== undefined && (
          <Select
            label="Width of a step"
            value={String(overview.stepSeconds)}
            options={overview.stepsSeconds.map((seconds) => ({ value: String(seconds), label: `by ${stepName(seconds)}` }))}
            onChange={(seconds) => onChange({ step: Number(seconds) })}
          />
        )}
        <TimeRangePicker
          range={params}
          onChange={(range) => onChange({ ...range, step: null })}
          isOpen={isRangeOpen}
          onOpenChange={setRangeOpen}
        />
      </div>
    </ScreenBar>
  );
}
