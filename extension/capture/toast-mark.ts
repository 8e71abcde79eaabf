/** The pictures of the toast, drawn node by node: a page may forbid to make elements from text. */
const SVG = 'http://www.w3.org/2000/svg'

export const MARK_WIDTH = 22

/** The product mark: a valet ticket with a key on it. */
export function drawMark(page: Document): SVGElement {
  const mark = drawing(page, 'mark')
  mark.append(
    shape(page, 'path', {
      d: 'M3 7.5A2.5 2.5 0 0 1 5.5 5h13A2.5 2.5 0 0 1 21 7.5V10a2 2 0 0 0 0 4v2.5a2.5 2.5 0 0 1-2.5 2.5h-13A2.5 2.5 0 0 1 3 16.5V14a2 2 0 0 0 0-4Z',
    }),
    shape(page, 'circle', { cx: '9', cy: '12', r: '2' }),
    shape(page, 'path', { d: 'M11 12h5.5v2M14 12v1.5' }),
  )
  return mark
}

export function drawCross(page: Document): SVGElement {
  const cross = drawing(page, 'cross')
  cross.append(shape(page, 'path', { d: 'M6 6l12 12M18 6L6 18' }))
  return cross
}

function drawing(page: Document, className: string): SVGElement {
  return shape(page, 'svg', {
    ...{ class: className, viewBox: '0 0 24 24', fill: 'none', stroke: 'currentColor' },
    ...{ 'stroke-width': '2', 'stroke-linecap': 'round', 'stroke-linejoin': 'round' },
    'aria-hidden': 'true',
  })
}

function shape(
  page: Document,
  name: 'svg' | 'path' | 'circle',
  attributes: Readonly<Record<string, string>>,
): SVGElement {
  const made = page.createElementNS(SVG, name)
  for (const [attribute, value] of Object.entries(attributes)) made.setAttribute(attribute, value)
  return made
}
