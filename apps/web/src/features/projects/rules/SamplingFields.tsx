import { Checkbox } from "../../../components/ui/form/Checkbox.tsx";
import { Field } from "../../../components/ui/form/Field.tsx";
import { Input } from "../../../components/ui/form/Input.tsx";
import type { DraftFaults, DraftRules } from "./draftRules.ts";

type NumberField = "headPercent" | "slowerThanMs" | "costlierThanUsd" | "scoredBelow" | "restPercent" | "waitSeconds";

/** The traces to keep: a share of all, and of those, the ones worth keeping once they are finished. */
export function SamplingFields({
  draft,
  faults,
  onChange,
}: {
  draft: DraftRules;
  faults: DraftFaults;
  onChange: (changes: Partial<DraftRules>) => void;
}) {
  const numberField = (field: NumberField, label: string, hint: string) => (
    <Field label={label} hint={hint} error={faults[field] ?? null}>
      <Input value={draft[field]} onValueChange={(text) => onChange({ [field]: text })} inputMode="decimal" autoComplete="off" />
    </Field>
  );
  return (
    <fieldset className="flex flex-col gap-4">
      <legend className="mb-2 text-md font-semibold">Keep which traces</legend>
      <div className="max-w-56">{numberField("headPercent", "Taken, in percent", "Of all traces, chosen by their id.")}</div>
      <Checkbox checked={draft.isTail} onChange={(isTail) => onChange({ isTail })}>
        Of those, keep only what is worth it when a trace is over
      </Checkbox>
      {draft.isTail && (
        <div className="flex flex-col gap-4 border-l-2 border-line pl-4">
          <Checkbox checked={draft.keepErrors} onChange={(keepErrors) => onChange({ keepErrors })}>
            Keep those with an error
          </Checkbox>
          <div className="grid grid-cols-3 gap-4 max-md:grid-cols-1">
            {numberField("slowerThanMs", "Keep slower than, ms", "Nothing: no limit.")}
            {numberField("costlierThanUsd", "Keep costlier than, $", "Nothing: no limit.")}
            {numberField("scoredBelow", "Keep scored below", "Nothing: no limit.")}
            {numberField("restPercent", "Keep beside, in percent", "Of all traces, whatever happened in them.")}
            {numberField("waitSeconds", "Over after, s", "Without anything new of it.")}
          </div>
        </div>
      )}
    </fieldset>
  );
}
