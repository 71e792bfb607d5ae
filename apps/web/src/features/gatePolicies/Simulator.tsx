"use client";
import { skipToken, useQuery, useQueryClient } from "@tanstack/react-query";
import { Play, Square } from "lucide-react";
import { useState } from "react";
import { Button } from "../../components/ui/form/Button.tsx";
import { Field } from "../../components/ui/form/Field.tsx";
import { FormFailure } from "../../components/ui/form/FormFailure.tsx";
import { Input } from "../../components/ui/form/Input.tsx";
import { Select } from "../../components/ui/form/Select.tsx";
import { useTRPC } from "../../trpc/TrpcProvider.tsx";
import { type PolicyParams, readMeans, type WatchedMetric, writeMeans } from "./policyParams.ts";
import { SimulatedOutcome } from "./SimulatedOutcome.tsx";

const SIMS = 200;
const FIRST_GUARDRAIL = "";

type Asked = { text: string; unitsPerHour: number; metric?: string; drop?: number; means: Record<string, number>; sims: number };

/** A typed number, or null. */
function numberOf(typed: string): number | null {
  const value = Number(typed.replace(",", "."));
  return typed.trim() === "" || !Number.isFinite(value) ? null : value;
}

/** Simulates the policy on described traffic, and shows the result. */
export function Simulator({
  text,
  unit,
  metrics,
  params,
  onParams,
}: {
  text: string;
  unit: string;
  metrics: readonly WatchedMetric[];
  params: PolicyParams;
  onParams: (change: Partial<PolicyParams>) => void;
}) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [asked, setAsked] = useState<Asked | null>(null);
  const [perHour, setPerHour] = useState(String(params.perHour));
  const [drop, setDrop] = useState(params.drop === null ? "" : String(params.drop));
  const [means, setMeans] = useState<Record<string, string>>(() =>
    Object.fromEntries(Object.entries(readMeans(params.means)).map(([name, mean]) => [name, String(mean)])),
  );
  const options = trpc.gatePolicies.simulate.queryOptions(asked ?? skipToken, {
    trpc: { abortOnUnmount: true },
    placeholderData: (previous) => previous,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
  const simulated = useQuery(options);
  const isRunning = asked !== null && simulated.isFetching;

  const watched = metrics.filter(({ role }) => role !== "breaker");
  const metric = watched.find(({ name }) => name === params.metric);
  const worse = metric ?? watched.find(({ role }) => role === "guardrail");
  const rate = numberOf(perHour);
  const isRate = rate !== null && Number.isInteger(rate) && rate >= 1 && rate <= 1_000_000;
  const wrongMean = watched.find(({ name }) => (means[name] ?? "").trim() !== "" && numberOf(means[name] ?? "") === null);
  const isDrop = drop.trim() === "" || (numberOf(drop) ?? -1) >= 0;
  const isReady = isRate && isDrop && wrongMean === undefined && !isRunning;

  const ask = (): void => {
    const told = Object.fromEntries(
      watched.flatMap(({ name }) => {
        const mean = numberOf(means[name] ?? "");
        return mean === null ? [] : [[name, mean] as const];
      }),
    );
    const by = numberOf(drop);
    onParams({ perHour: rate ?? params.perHour, drop: by, means: writeMeans(told) });
    setAsked({
      ...{ text, unitsPerHour: rate ?? params.perHour, means: told, sims: SIMS },
      ...(metric === undefined ? {} : { metric: metric.name }),
      ...(by === null ? {} : { drop: by }),
    });
  };
  const cancel = (): void => {
    void queryClient.cancelQueries({ queryKey: options.queryKey });
    setAsked(null);
  };
  return (
    <div className="flex flex-col gap-5 p-4">
      <form
        className="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          if (isReady) ask();
        }}
      >
        <div className="grid grid-cols-2 gap-3 xl:grid-cols-3">
          <Field
            label={unit === "user" ? "Users an hour" : "Sessions an hour"}
            hint="Of both versions together."
            error={isRate ? null : "A whole number from 1 to 1,000,000."}
          >
            <Input value={perHour} onValueChange={setPerHour} inputMode="numeric" autoComplete="off" />
          </Field>
          <div className="flex flex-col gap-1">
            <span className="text-sm font-medium">What gets worse</span>
            <Select
              label="What gets worse"
              value={metric?.name ?? FIRST_GUARDRAIL}
              options={[
                { value: FIRST_GUARDRAIL, label: "The first guardrail" },
                ...watched.map(({ name }) => ({ value: name, label: <span className="block max-w-52 truncate">{name}</span> })),
              ]}
              onChange={(chosen) => onParams({ metric: chosen === FIRST_GUARDRAIL ? null : chosen })}
              className="min-w-0 [&>span:first-child]:truncate"
            />
          </div>
          <Field
            label="By how much"
            hint={worse?.kind === "count" ? `More of the ${unit}s.` : `Left empty: its margin.`}
            error={isDrop ? null : "A number, 0 or more, as 0.05."}
          >
            <Input
              value={drop}
              onValueChange={setDrop}
              placeholder={String(worse?.margin ?? 0.01)}
              inputMode="decimal"
              autoComplete="off"
            />
          </Field>
        </div>
        <fieldset className="flex flex-col gap-2">
          <legend className="mb-1 text-sm font-medium">What the stable version does now</legend>
          <div className="grid grid-cols-1 gap-x-4 gap-y-1.5 sm:grid-cols-2">
            {watched.map(({ name, usualMean }) => (
              // biome-ignore lint/a11y/noLabelWithoutControl: the input inside is the control
              <label key={name} className="flex min-w-0 items-center gap-2 text-sm">
                <span className="min-w-0 flex-1 truncate font-mono text-xs text-muted" title={name}>
                  {name}
                </span>
                <Input
                  value={means[name] ?? ""}
                  onValueChange={(typed) => setMeans({ ...means, [name]: typed })}
                  placeholder={String(usualMean)}
                  inputMode="decimal"
                  autoComplete="off"
                  aria-invalid={wrongMean?.name === name}
                  className="w-28 shrink-0"
                />
              </label>
            ))}
          </div>
          <p role="status" className="text-sm text-muted">
            {wrongMean === undefined
              ? "Shares, means and amounts in each metric's own units; what is left empty is taken as it stands there in grey."
              : `What ${wrongMean.name} does is a number, as 0.85.`}
          </p>
        </fieldset>
        <div className="flex items-center gap-3">
          <Button type="submit" tone="primary" disabled={!isReady}>
            <Play className="size-3.5" aria-hidden />
            {isRunning ? "Simulating…" : "Simulate"}
          </Button>
          {isRunning && (
            <Button onClick={cancel}>
              <Square className="size-3" aria-hidden />
              Cancel
            </Button>
          )}
          <span className="text-sm text-faint">{SIMS} rollouts of each candidate, 20 seconds at most.</span>
        </div>
      </form>
      {simulated.isError && <FormFailure error={simulated.error} />}
      {simulated.data !== undefined && asked !== null && (
        <SimulatedOutcome
          found={simulated.data}
          asked={SIMS}
          unit={unit}
          view={params.view}
          isOld={simulated.isPlaceholderData || asked.text !== text}
          onView={(view) => onParams({ view })}
        />
      )}
    </div>
  );
}
