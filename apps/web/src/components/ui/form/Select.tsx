import { Select as Base } from "@base-ui/react/select";
import { Check, ChevronDown } from "lucide-react";
import type { ReactNode } from "react";
import { classNames } from "../classNames.ts";
import { buttonStyle } from "./Button.tsx";

/** A choice of one of a few values from a list. */
export function Select<T extends string>({
  label,
  value,
  options,
  onChange,
  className,
}: {
  label: string;
  value: T;
  options: readonly { value: T; label: ReactNode }[];
  onChange: (value: T) => void;
  className?: string;
}) {
  return (
    <Base.Root items={options} value={value} onValueChange={(chosen) => chosen !== null && onChange(chosen)}>
      <Base.Trigger aria-label={label} className={classNames(buttonStyle({ tone: "plain" }), "justify-between font-normal", className)}>
        <Base.Value />
        <Base.Icon>
          <ChevronDown className="size-3.5 text-faint" aria-hidden />
        </Base.Icon>
      </Base.Trigger>
      <Base.Portal>
        <Base.Positioner sideOffset={4} alignItemWithTrigger={false} className="z-50">
          <Base.Popup className="min-w-(--anchor-width) rounded-lg border border-line-strong bg-raised p-1 text-ink shadow-pop outline-none">
            <Base.List>
              {options.map((option) => (
                <Base.Item
                  key={option.value}
                  value={option.value}
                  className="flex h-7 cursor-default select-none items-center gap-2 rounded-sm px-2 text-sm outline-none data-highlighted:bg-accent-soft data-highlighted:text-accent"
                >
                  <span className="size-3.5">
                    <Base.ItemIndicator>
                      <Check className="size-3.5" aria-hidden />
                    </Base.ItemIndicator>
                  </span>
                  <Base.ItemText>{option.label}</Base.ItemText>
                </Base.Item>
              ))}
            </Base.List>
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
