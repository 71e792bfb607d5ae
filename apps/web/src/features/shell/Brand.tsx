/** The name and its mark: a semaphore with its arm lowered, clear to go. */
export function Brand() {
  return (
    <span className="flex items-center gap-2 font-semibold tracking-tight text-board-ink">
      <svg viewBox="0 0 20 20" className="size-5" aria-hidden>
        <path d="M6 18V2.5" stroke="currentColor" strokeWidth="2" strokeLinecap="round" />
        <path d="M3.5 18h5" stroke="currentColor" strokeWidth="2" strokeLinecap="round" />
        <path d="M6 4.500 16.500 9.500l-1.500 3L6 8.200z" fill="oklch(0.7 0.17 30)" />
      </svg>
      <span className="text-md max-sm:sr-only">Signalbox</span>
    </span>
  );
}
