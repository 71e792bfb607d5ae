"use client";
import { LIST_LIMITS } from "@signalbox/api/client";
import { DeadLetterCause, DeadLetterKind } from "@signalbox/model";
import type { ReactNode, RefObject } from "react";
import { SearchField } from "../../components/ui/form/FilterBar.tsx";
import { Select } from "../../components/ui/form/Select.tsx";
import { ScreenBar } from "../../components/ui/layout/ScreenBar.tsx";
import { type LetterParams, ORDERS, RANGES, STATE_OPTIONS } from "./letterParams.ts";
import { CAUSES, KINDS } from "./words.ts";

const ANY = "any";

const CAUSE_OPTIONS = [
  { value: ANY, label: "Any cause" },
  ...DeadLetterCause.options.map((value) => ({
    value,
    label: CAUSES[value].label,
  })),
] as const;

const KIND_OPTIONS = [
  { value: ANY, label: "Any kind" },
  ...DeadLetterKind.options.map((value) => ({ value, label: KINDS[value] })),
] as const;

type Change = Partial<{ [Key in keyof LetterParams]: LetterParams[Key] | null }>;

/** The filter, order and time range of the groups. `children` stands at the right end. */
export function LetterFilterBar({
  params,
  versions,
  searchRef,
  onChange,
  children,
}: {
  params: LetterParams;
  versions: readonly string[];
  searchRef: RefObject<HTMLInputElement | null>;
  onChange: (change: Change) => void;
  children?: ReactNode;
}) {
  const { state, q, kind, cause, version, range, order } = params;
  const known = [...new Set([...versions, ...(version === null ? [] : [version])])];
  return (
    <ScreenBar title="Dead letters" isSearch>
      <SearchField
        inputRef={searchRef}
        label="Search messages"
        text={q}
        charsMax={LIST_LIMITS.textCharsMax}
        onText={(text) => onChange({ q: text === "" ? null : text })}
      />
      <Select label="State" value={state} options={STATE_OPTIONS} onChange={(chosen) => onChange({ state: chosen })} />
      <Select
        label="Kind"
        value={kind ?? ANY}
        options={KIND_OPTIONS}
        onChange={(chosen) => onChange({ kind: chosen === ANY ? null : chosen })}
      />
      <Select
        label="Cause"
        value={cause ?? ANY}
        options={CAUSE_OPTIONS}
        onChange={(chosen) => onChange({ cause: chosen === ANY ? null : chosen })}
      />
      {known.length > 1 && (
        <Select
          label="Version"
          value={version ?? ANY}
          options={[{ value: ANY, label: "Any version" }, ...known.map((value) => ({ value, label: value }))]}
          onChange={(chosen) => onChange({ version: chosen === ANY ? null : chosen })}
        />
      )}
      <div className="ml-auto flex flex-wrap items-center gap-2">
        {children}
        <Select label="Order" value={order} options={ORDERS} onChange={(chosen) => onChange({ order: chosen })} />
        <Select label="Time range" value={range} options={RANGES} onChange={(chosen) => onChange({ range: chosen })} />
      </div>
    </ScreenBar>
  );
}
