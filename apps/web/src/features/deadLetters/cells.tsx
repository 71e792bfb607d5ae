import Link from "next/link";
import { classNames } from "../../components/ui/classNames.ts";

/** The error message, as the link for the whole row. */
export function MessageCell({ href, message, isStrong = false }: { href: string; message: string; isStrong?: boolean }) {
  return (
    <Link
      href={href}
      prefetch={false}
      tabIndex={-1}
      title={message}
      className={classNames("min-w-0 truncate text-ink after:absolute after:inset-0 hover:underline", isStrong && "font-medium")}
    >
      {message}
    </Link>
  );
}

/** The versions involved in a failure. */
export function VersionsCell({ versions }: { versions: readonly string[] }) {
  const names = versions.join(", ");
  return (
    <span className="truncate font-mono text-xs text-muted" title={names}>
      {names}
    </span>
  );
}
