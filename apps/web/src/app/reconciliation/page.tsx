import type { Metadata } from "next";
import { Suspense } from "react";
import { ReconciliationPage } from "../../features/reconciliation/index.ts";

export const metadata: Metadata = { title: "Reconciliation" };

export default function Page() {
  return (
    <Suspense>
      <ReconciliationPage />
    </Suspense>
  );
}
