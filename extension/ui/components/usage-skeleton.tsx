import { Skeleton } from './skeleton.tsx'
import { WideCard } from './wide-card.tsx'

/** Figures, chart and rows as they will stand. */
export function UsageSkeleton() {
  return (
    <WideCard>
      <div className="p-4" aria-busy="true">
        <div aria-hidden="true" className="grid gap-4 md:grid-cols-3">
          {[0, 1, 2].map((index) => (
            <span key={index} className="block h-16 rounded-card bg-sunken" />
          ))}
        </div>
        <span aria-hidden="true" className="mt-4 block h-56 rounded-card bg-sunken" />
        <div className="mt-4">
          <Skeleton rows={4} />
        </div>
      </div>
    </WideCard>
  )
}
