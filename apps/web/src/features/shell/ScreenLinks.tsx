"use client";
import Link from "next/link";
import { usePathname, useRouter } from "next/navigation";
import { classNames } from "../../components/ui/classNames.ts";
import { Kbd } from "../../components/ui/Kbd.tsx";
import { Tooltip } from "../../components/ui/Tooltip.tsx";
import { projectLink } from "../../project/projectParam.ts";
import { useProject } from "../../project/useProject.ts";
import { keysOf, useShortcuts } from "../../shortcuts/index.ts";
import { DeadLetterBadge } from "../deadLetters/index.ts";
import { SCREENS } from "./navigation.ts";

/** The way to every screen, by pointer and by key, in the project that one is in. */
export function ScreenLinks() {
  const router = useRouter();
  const pathname = usePathname();
  const project = useProject();
  useShortcuts(Object.fromEntries(SCREENS.map(({ href, shortcut }) => [shortcut, () => router.push(projectLink(href, { project }))])));
  return SCREENS.map((screen) => {
    const isHere = pathname.startsWith(screen.href);
    return (
      <Tooltip key={screen.href} side="bottom" content={<Kbd keys={keysOf(screen.shortcut)} />}>
        <Link
          href={projectLink(screen.href, { project })}
          aria-current={isHere ? "page" : undefined}
          className={classNames(
            "flex items-center border-b-2 border-transparent px-2 pt-0.5 text-sm font-medium whitespace-nowrap text-board-muted hover:text-board-ink",
            isHere && "border-[oklch(0.7_0.17_30)] text-board-ink",
          )}
        >
          {screen.label}
          {screen.href === "/dead-letters" && <DeadLetterBadge />}
        </Link>
      </Tooltip>
    );
  });
}
