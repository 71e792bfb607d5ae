import { Tabs as Base } from "@base-ui/react/tabs";
import type { ReactNode } from "react";
import { classNames } from "../classNames.ts";

export type Tab<T extends string> = { value: T; label: ReactNode; panel: ReactNode };

/** Tabs, of which one panel is shown. `aside` is at the right end of the tab row. */
export function Tabs<T extends string>({
  value,
  onChange,
  tabs,
  label,
  aside,
  panelClassName,
}: {
  value: T;
  onChange: (value: T) => void;
  tabs: readonly Tab<T>[];
  label: string;
  aside?: ReactNode;
  panelClassName?: string;
}) {
  return (
    <Base.Root value={value} onValueChange={(chosen: T) => onChange(chosen)} className="flex min-h-0 flex-1 flex-col">
      <div className="flex h-9 shrink-0 items-center gap-2 border-b border-line px-2">
        <Base.List aria-label={label} className="relative flex h-full items-stretch gap-0.5">
          {tabs.map((tab) => (
            <Base.Tab
              key={tab.value}
              value={tab.value}
              className="flex items-center gap-1.5 px-2 text-sm font-medium text-muted hover:text-ink data-active:text-ink"
            >
              {tab.label}
            </Base.Tab>
          ))}
          <Base.Indicator className="absolute bottom-[-1px] left-(--active-tab-left) h-0.5 w-(--active-tab-width) bg-accent transition-all duration-100" />
        </Base.List>
        {aside !== undefined && <div className="ml-auto flex items-center gap-1">{aside}</div>}
      </div>
      {tabs.map((tab) => (
        <Base.Panel key={tab.value} value={tab.value} className={classNames("min-h-0 flex-1 outline-none", panelClassName)}>
          {tab.panel}
        </Base.Panel>
      ))}
    </Base.Root>
  );
}
