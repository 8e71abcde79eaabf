import { useMemo } from 'react'
import { encode } from 'uqr'

interface Props {
  readonly text: string
  /** What a screen reader says instead. */
  readonly label: string
}

/** Modules of quiet zone around the code, as ISO/IEC 18004 asks for. */
const BORDER = 4

/** Text as a QR code: black on white in both themes, or a camera would not read it. */
export function QrCode({ text, label }: Props) {
  const { size, data } = useMemo(() => encode(text, { ecc: 'M', border: BORDER }), [text])
  const path = data
    .flatMap((row, y) => row.map((dark, x) => (dark ? `M${String(x)} ${String(y)}h1v1h-1z` : '')))
    .join('')
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${String(size)} ${String(size)}`}
      className="size-40 rounded-chip"
      shapeRendering="crispEdges"
    >
      <rect width="100%" height="100%" fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  )
}
