import Link from "next/link";
import { classNames } from "../../components/ui/classNames.ts";

/** What went wrong, as the link that its whole row is. */
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

/** The versions that had a part in a failure. */
export function VersionsCell({ versions }: { versions: readonly string[] }) {
  const names = versions.join(", ");
  return (
    <span className="truncate font-mono text-xs text-muted" title={names}>
      {names}
    </span>
  );
}
