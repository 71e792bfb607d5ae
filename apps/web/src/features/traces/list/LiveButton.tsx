import { Radio, Unplug } from "lucide-react";
import { classNames } from "../../../components/ui/classNames.ts";
import { Button } from "../../../components/ui/form/Button.tsx";
import { keysOf } from "../../../shortcuts/index.ts";

/** Turns live updates of the list on and off. */
export function LiveButton({ isLive, isLost, onChange }: { isLive: boolean; isLost: boolean; onChange: (isLive: boolean) => void }) {
  return (
    <Button
      aria-pressed={isLive}
      aria-keyshortcuts={keysOf("live")}
      onClick={() => onChange(!isLive)}
      title={`Show new traces as they come (${keysOf("live")})`}
    >
      <Radio className={classNames("size-3.5", isLost ? "text-danger-mark" : isLive ? "text-clear-mark" : "text-faint")} aria-hidden />
      {isLive ? "Live" : "Paused"}
    </Button>
  );
}

/** Says that a live list is out of date, and that it reconnects by itself. */
export function ConnectionLost() {
  return (
    <p role="status" className="flex items-center gap-2 border-b border-line bg-caution-soft px-4 py-1.5 text-sm text-caution">
      <Unplug className="size-3.5 shrink-0" aria-hidden />
      Connection to the console's server lost. The list may be out of date; it goes on by itself once the server answers.
    </p>
  );
}
