"use client";
import { Checkbox } from "../components/ui/form/Checkbox.tsx";
import { Dialog } from "../components/ui/overlay/Dialog.tsx";
import { Kbd } from "../components/ui/text/Kbd.tsx";
import { usePreference } from "../preferences/usePreference.ts";
import { keysOf, SHORTCUTS } from "./shortcutTable.ts";

/** A sheet with every shortcut in the table. */
export function ShortcutSheet({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  const [singleKeys, setSingleKeys] = usePreference("singleKeys");
  const groups = Map.groupBy(SHORTCUTS, (shortcut) => shortcut.group);
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title="Keyboard shortcuts" className="max-w-2xl">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: scrolled by keyboard */}
      {/* biome-ignore lint/a11y/useSemanticElements: a section of its own would be one landmark too many */}
      <div role="group" aria-label="Keys" tabIndex={0} className="gap-x-8 overflow-y-auto p-4 pb-0 sm:columns-2">
        {[...groups].map(([group, shortcuts]) => (
          <section key={group} className="mb-5 break-inside-avoid">
            <h3 className="mb-1 text-xs font-semibold text-faint">{group}</h3>
            <dl>
              {shortcuts.map((shortcut) => (
                <div key={shortcut.id} className="flex h-7 items-center justify-between gap-4 border-b border-line last:border-0">
                  <dt className="text-sm">{shortcut.label}</dt>
                  <dd className="text-muted">
                    <Kbd keys={shortcut.keys} />
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
      <div className="border-t border-line px-4 py-2.5">
        <Checkbox checked={singleKeys} onChange={setSingleKeys}>
          Use shortcuts of one key. <Kbd keys={keysOf("palette")} /> works in any case.
        </Checkbox>
      </div>
    </Dialog>
  );
}
