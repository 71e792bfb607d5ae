"use client";
import { useRouter } from "next/navigation";
import { Suspense } from "react";
import { usePreference } from "../../preferences/usePreference.ts";
import { projectLink } from "../../project/projectParam.ts";
import { useProject } from "../../project/useProject.ts";
import { useShortcuts } from "../../shortcuts/index.ts";
import { SCREEN_GROUPS } from "./navigation.ts";
import { ScreenLinks } from "./ScreenLinks.tsx";

/** Links to every screen beside the current one, unless hidden in this browser; on narrow windows they are in `ScreenMenu`. */
export function ScreenRail() {
  const [showsRail] = usePreference("showsRail");
  return (
    <Suspense>
      <ScreenKeys />
      {showsRail && (
        <nav
          aria-label="Screens"
          className="flex w-36 shrink-0 flex-col gap-4 overflow-y-auto border-r border-line bg-surface px-2 py-3 max-lg:hidden"
        >
          <ScreenLinks />
        </nav>
      )}
    </Suspense>
  );
}

/** The shortcuts to the screens, whether or not the rail is visible. */
function ScreenKeys() {
  const router = useRouter();
  const project = useProject();
  const screens = SCREEN_GROUPS.flatMap((group) => [...group.screens]);
  useShortcuts(Object.fromEntries(screens.map(({ href, shortcut }) => [shortcut, () => router.push(projectLink(href, { project }))])));
  return null;
}
