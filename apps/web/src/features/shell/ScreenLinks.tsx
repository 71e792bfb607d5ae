"use client";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { classNames } from "../../components/ui/classNames.ts";
import { Tooltip } from "../../components/ui/overlay/Tooltip.tsx";
import { Kbd } from "../../components/ui/text/Kbd.tsx";
import { projectLink } from "../../project/projectParam.ts";
import { useProject } from "../../project/useProject.ts";
import { keysOf } from "../../shortcuts/index.ts";
import { DeadLetterBadge } from "../deadLetters/index.ts";
import { SCREEN_GROUPS } from "./navigation.ts";

/** Links to every screen, in the current project. */
export function ScreenLinks({ onGo = () => {} }: { onGo?: () => void }) {
  const pathname = usePathname();
  const project = useProject();
  return SCREEN_GROUPS.map(({ label, screens }) => (
    <div key={label}>
      <div className="px-2 pb-1 text-xs text-faint">{label}</div>
      <ul className="flex flex-col gap-px">
        {screens.map((screen) => {
          const isHere = pathname.startsWith(screen.href);
          return (
            <li key={screen.href}>
              <Tooltip side="right" content={<Kbd keys={keysOf(screen.shortcut)} />}>
                <Link
                  href={projectLink(screen.href, { project })}
                  aria-current={isHere ? "page" : undefined}
                  onClick={onGo}
                  className={classNames(
                    "flex h-7 items-center rounded-md px-2 text-sm font-medium whitespace-nowrap",
                    isHere ? "bg-accent-soft text-accent" : "text-muted hover:bg-hover hover:text-ink",
                  )}
                >
                  {screen.label}
                  {screen.href === "/dead-letters" && <DeadLetterBadge />}
                </Link>
              </Tooltip>
            </li>
          );
        })}
      </ul>
    </div>
  ));
}
