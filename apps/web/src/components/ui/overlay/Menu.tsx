import { Menu as Base } from "@base-ui/react/menu";
import { Check } from "lucide-react";
import type { ReactElement, ReactNode } from "react";

const ITEM =
  "flex h-7 cursor-default select-none items-center gap-2 rounded-sm px-2 text-sm outline-none data-highlighted:bg-accent-soft data-highlighted:text-accent";

/** A button that opens a menu. */
export function Menu({
  trigger,
  children,
  align = "end",
  open,
  onOpenChange,
}: {
  trigger: ReactElement;
  children: ReactNode;
  align?: "start" | "end";
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
}) {
  return (
    <Base.Root
      {...(open === undefined ? {} : { open })}
      {...(onOpenChange === undefined ? {} : { onOpenChange: (isOpen) => onOpenChange(isOpen) })}
    >
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner sideOffset={6} align={align} className="z-40">
          <Base.Popup className="max-h-[70vh] min-w-44 max-w-80 overflow-y-auto rounded-lg border border-line-strong bg-raised p-1 text-ink shadow-pop outline-none">
            {children}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

/** A menu item for one of several values. */
export function MenuChoice<T extends string>({
  label,
  value,
  options,
  onChange,
}: {
  label: string;
  value: T;
  options: readonly { value: T; label: string; note?: string }[];
  onChange: (value: T) => void;
}) {
  return (
    <Base.RadioGroup value={value} onValueChange={(chosen: T) => onChange(chosen)}>
      <Base.Group>
        <Base.GroupLabel className="px-2 pt-1.5 pb-1 text-xs text-faint">{label}</Base.GroupLabel>
        {options.map((option) => (
          <Base.RadioItem key={option.value} value={option.value} className={ITEM} closeOnClick>
            <span className="size-3.5 shrink-0">
              <Base.RadioItemIndicator>
                <Check className="size-3.5" aria-hidden />
              </Base.RadioItemIndicator>
            </span>
            <span className="min-w-0 truncate" title={option.label}>
              {option.label}
            </span>
            {option.note !== undefined && <span className="ml-auto pl-3 text-xs text-faint">{option.note}</span>}
          </Base.RadioItem>
        ))}
      </Base.Group>
    </Base.RadioGroup>
  );
}

/** A menu item that performs an action. */
export function MenuAction({ children, onClick, isDisabled = false }: { children: ReactNode; onClick: () => void; isDisabled?: boolean }) {
  return (
    <Base.Item disabled={isDisabled} onClick={onClick} className={`${ITEM} pl-7.5 data-disabled:text-faint`}>
      {children}
    </Base.Item>
  );
}

/** A menu item that is on or off by itself; the menu stays open. */
export function MenuCheck({
  checked,
  onChange,
  children,
  isDisabled = false,
}: {
  checked: boolean;
  onChange: (checked: boolean) => void;
  children: ReactNode;
  isDisabled?: boolean;
}) {
  return (
    <Base.CheckboxItem
      checked={checked}
      disabled={isDisabled}
      onCheckedChange={(isChecked) => onChange(isChecked)}
      className={`${ITEM} data-disabled:text-faint`}
    >
      <span className="size-3.5">
        <Base.CheckboxItemIndicator>
          <Check className="size-3.5" aria-hidden />
        </Base.CheckboxItemIndicator>
      </span>
      {children}
    </Base.CheckboxItem>
  );
}

/** A separator between groups of menu items. */
export function MenuLine() {
  return <Base.Separator className="my-1 h-px bg-line" />;
}
