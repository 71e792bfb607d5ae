import { Signpost } from "lucide-react";
import Link from "next/link";
import { buttonStyle } from "../components/ui/form/Button.tsx";
import { EmptyState } from "../components/ui/state/EmptyState.tsx";

export default function NotFound() {
  return (
    <EmptyState icon={Signpost} title="There is no page here">
      <Link href="/traces" className={buttonStyle()}>
        Go to traces
      </Link>
    </EmptyState>
  );
}
