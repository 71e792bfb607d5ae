import { Autocomplete } from "@base-ui/react/autocomplete";
import { INPUT } from "./Input.tsx";

export type Suggestion = { value: string; note?: string };

/** One line of text with values to choose from (`onChoose`); any other text may be typed too (`onChange`). */
export function SuggestInput({
  label,
  value,
  onChange,
  onChoose,
  suggestions,
  charsMax,
}: {
  label: string;
  value: string;
  onChange: (value: string) => void;
  onChoose: (value: string) => void;
  suggestions: readonly Suggestion[];
  charsMax: number;
}) {
  return (
    <Autocomplete.Root
      items={suggestions}
      itemToStringValue={(item: Suggestion) => item.value}
      value={value}
      onValueChange={(next, { reason }) => (reason === "item-press" ? onChoose(next) : onChange(next))}
      openOnInputClick
    >
      <Autocomplete.Input aria-label={label} maxLength={charsMax} className={INPUT} />
      <Autocomplete.Portal>
        <Autocomplete.Positioner sideOffset={4} className="z-50">
          <Autocomplete.Popup className="max-h-64 w-(--anchor-width) overflow-y-auto rounded-lg border border-line-strong bg-raised p-1 text-ink shadow-pop data-empty:hidden">
            <Autocomplete.List>
              {(item: Suggestion) => (
                <Autocomplete.Item
                  key={item.value}
                  value={item}
                  className="flex h-7 cursor-default items-center justify-between gap-3 rounded-sm px-2 text-sm outline-none data-highlighted:bg-accent-soft data-highlighted:text-accent"
                >
                  <span className="truncate">{item.value}</span>
                  {item.note !== undefined && <span className="text-xs text-faint tabular-nums">{item.note}</span>}
                </Autocomplete.Item>
              )}
            </Autocomplete.List>
          </Autocomplete.Popup>
        </Autocomplete.Positioner>
      </Autocomplete.Portal>
    </Autocomplete.Root>
  );
}
