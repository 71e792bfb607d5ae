import { ArrowDown, ArrowLeft, ArrowRight, ArrowUp } from "lucide-react";
import type { ReactNode } from "react";
import { classNames } from "../classNames.ts";

/** Keys to press: `G T` one after the other, `Mod+K` together. */
export function Kbd({ keys, className }: { keys: string; className?: string }) {
  return (
    <span className={classNames("inline-flex items-center gap-0.5", className)}>
      {keys.split(" ").map((key) => (
        <kbd
          key={key}
          className="inline-flex h-4.5 min-w-4.5 items-center justify-center rounded-sm border border-current/30 px-1 font-sans text-xs leading-none opacity-85"
        >
          {keyName(key)}
        </kbd>
      ))}
    </span>
  );
}

const isApple = typeof navigator !== "undefined" && /Mac|iPhone|iPad/.test(navigator.platform);

/** Arrows are icons: not every fallback font has them. */
const NAMES: Readonly<Record<string, ReactNode>> = {
  Escape: "Esc",
  ArrowUp: <ArrowUp className="size-3" aria-label="Arrow up" />,
  ArrowDown: <ArrowDown className="size-3" aria-label="Arrow down" />,
  ArrowLeft: <ArrowLeft className="size-3" aria-label="Arrow left" />,
  ArrowRight: <ArrowRight className="size-3" aria-label="Arrow right" />,
};

function keyName(key: string): ReactNode {
  const modified = key.replace("Mod+", isApple ? "⌘" : "Ctrl ").replace("Shift+", "⇧");
  return NAMES[modified] ?? modified;
}
