/** The mark: water over the blades of a wheel. */
export function Mark({ size = 20 }: { readonly size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 20 20" fill="none" aria-hidden="true">
      <circle cx="10" cy="12" r="5.25" stroke="currentColor" strokeWidth="1.5" />
      <path d="M10 6.75v10.5M4.75 12h10.5" stroke="currentColor" strokeWidth="1.5" strokeLinecap="round" />
      <path
        d="M1.5 4.25c2 0 2 1.5 4 1.5s2-1.5 4-1.5 2 1.5 4 1.5 2-1.5 4-1.5"
        stroke="var(--accent)"
        strokeWidth="1.75"
        strokeLinecap="round"
      />
    </svg>
  );
}
