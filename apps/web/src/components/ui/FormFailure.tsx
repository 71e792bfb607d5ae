import { failureOf } from "../../trpc/failureOf.ts";

/** Why a form was not taken, in the form itself: what was typed stays. */
export function FormFailure({ error }: { error: unknown }) {
  const { message, hint } = failureOf(error);
  return (
    <p role="alert" className="rounded-md bg-danger-soft px-3 py-2 text-sm text-danger [overflow-wrap:anywhere]">
      {message}
      {hint !== undefined && ` ${hint}`}
    </p>
  );
}
