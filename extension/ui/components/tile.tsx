/** A letter on a tile: never a favicon, which a site chooses for itself. */
export function Tile({ of }: { readonly of: string }) {
  return (
    <span
      aria-hidden="true"
      className="grid size-7 shrink-0 place-items-center rounded-chip bg-sunken text-group font-bold text-ink2"
    >
      {of.charAt(0).toUpperCase()}
    </span>
  )
}
