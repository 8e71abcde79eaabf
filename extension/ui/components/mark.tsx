/** The product mark: a valet ticket with a key on it. Decorative: its name stands beside it. */
export function Mark({ size = 22 }: { readonly size?: number }) {
  return (
    <svg
      className="shrink-0 text-brass"
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="2"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <path d="M3 7.5A2.5 2.5 0 0 1 5.5 5h13A2.5 2.5 0 0 1 21 7.5V10a2 2 0 0 0 0 4v2.5a2.5 2.5 0 0 1-2.5 2.5h-13A2.5 2.5 0 0 1 3 16.5V14a2 2 0 0 0 0-4Z" />
      <circle cx="9" cy="12" r="2" />
      <path d="M11 12h5.5v2M14 12v1.5" />
    </svg>
  )
}
