"use client";
import { ArrowLeft } from "lucide-react";
import Link from "next/link";
import type { ReactNode } from "react";
import { classNames } from "../classNames.ts";
import { buttonStyle } from "../form/Button.tsx";

/**
 * The header of a detail page: the link back, the title, the subject's state, the possible actions, and facts beneath. `hint` gives a
 * truncated title in full; `name` is the page's name for screen readers if the title is more than text.
 */
export function PageHeader({
  back,
  title,
  hint,
  name,
  state,
  actions,
  children,
}: {
  back: { href: string; label: string };
  title: ReactNode;
  hint?: string | undefined;
  name?: string;
  state?: ReactNode;
  actions?: ReactNode;
  children?: ReactNode;
}) {
  return (
    <header className="shrink-0 border-b border-line bg-surface px-4 pt-2 pb-2.5">
      <div className="flex min-w-0 items-center gap-x-1 gap-y-1 max-sm:flex-wrap">
        <Link
          href={back.href}
          aria-label={back.label}
          title={`${back.label} (Esc)`}
          className={buttonStyle({ tone: "quiet", size: "icon", className: "-ml-1.5" })}
        >
          <ArrowLeft className="size-4" aria-hidden />
        </Link>
        <h1
          aria-label={name}
          title={hint}
          className={classNames(
            "min-w-0 text-lg font-semibold tracking-tight max-sm:flex-1",
            typeof title === "string" ? "truncate" : "flex items-baseline gap-2",
          )}
        >
          {title}
        </h1>
        {state !== undefined && <span className="ml-1.5 flex shrink-0 items-center gap-1.5">{state}</span>}
        <span className="ml-auto flex shrink-0 items-center gap-2 pl-2 empty:hidden max-sm:ml-0 max-sm:shrink max-sm:basis-full max-sm:flex-wrap max-sm:pl-6.5">
          {actions}
        </span>
      </div>
      {children !== undefined && children !== false && <div className="mt-1 md:pl-6.5">{children}</div>}
    </header>
  );
}
