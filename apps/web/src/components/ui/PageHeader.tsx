"use client";
import { ArrowLeft } from "lucide-react";
import Link from "next/link";
import type { ReactNode } from "react";
import { buttonStyle } from "./Button.tsx";

/** What a page is about: the way back, its title, what can be done, and its facts beneath. */
export function PageHeader({
  back,
  title,
  actions,
  children,
}: {
  back: { href: string; label: string };
  title: ReactNode;
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
        {title}
        <span className="ml-auto flex shrink-0 items-center gap-2 pl-2 max-sm:ml-0 max-sm:shrink max-sm:flex-wrap max-sm:pl-6.5">
          {actions}
        </span>
      </div>
      {children !== undefined && children !== false && <div className="mt-1 md:pl-6.5">{children}</div>}
    </header>
  );
}
