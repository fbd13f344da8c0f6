/** A pigeonhole rack with one letter in it. */
export function Logo({ size = 30 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <rect x="1" y="1" width="30" height="30" rx="8" fill="var(--accent)" />
      <path d="M7 12h18M7 20h18" stroke="#fff" strokeOpacity=".55" strokeWidth="1.6" />
      <path d="M7 6v20M25 6v20" stroke="#fff" strokeWidth="2" strokeLinecap="round" />
      <rect x="10" y="13.6" width="12" height="8.2" rx="1.4" fill="#fff" />
      <path
        d="M10.6 14.6 16 18.6l5.4-4"
        fill="none"
        stroke="var(--accent)"
        strokeWidth="1.5"
        strokeLinejoin="round"
      />
    </svg>
  );
}
