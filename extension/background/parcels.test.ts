import { describe, expect, it } from 'vitest'
import { createParcels } from './parcels.ts'

type Posted = Uint8Array<ArrayBuffer> | Blob

const KILOBYTE = 1024

function started({ isDetour = true } = {}) {
  const posted: Posted[] = []
  return { posted, parcels: createParcels({ isDetour }, (bytes) => posted.push(bytes)) }
}

const filled = (sizeBytes: number, value: number) => new Uint8Array(sizeBytes).fill(value)

async function firstBytes(posted: readonly Posted[]): Promise<(number | undefined)[]> {
  return Promise.all(
    posted.map(async (bytes) => new Uint8Array(await new Blob([bytes]).arrayBuffer())[0]),
  )
}

describe('parcels', () => {
  it('passes a token on at once, as bytes with a buffer of their own', () => {
    const { posted, parcels } = started()
    const read = new TextEncoder().encode('data: 1\n\ndata: 2\n\n')

    parcels.add(read.subarray(0, 9))
    parcels.add(read.subarray(9))

    expect(posted).toEqual([read.slice(0, 9), read.slice(9)])
    expect(posted.map((bytes) => (bytes as Uint8Array).buffer.byteLength)).toEqual([9, 9])
  })

  it('puts much that comes at once into one handle', async () => {
    const { posted, parcels } = started()

    for (let read = 0; read < 8; read++) parcels.add(filled(64 * KILOBYTE, read))

    expect(posted).toHaveLength(1)
    const [parcel] = posted
    expect(parcel).toBeInstanceOf(Blob)
    const bytes = new Uint8Array(await (parcel as Blob).arrayBuffer())
    expect([0, 1, 7].map((read) => bytes[read * 64 * KILOBYTE])).toEqual([0, 1, 7])
  })

  it('lets nothing overtake what it keeps back', async () => {
    const { posted, parcels } = started()

    parcels.add(filled(64 * KILOBYTE, 1))
    expect(posted).toEqual([])
    parcels.add(filled(10, 2))

    expect(await firstBytes(posted)).toEqual([1, 2])
  })

  it('keeps nothing back once the provider pauses', async () => {
    const { posted, parcels } = started()

    parcels.add(filled(64 * KILOBYTE, 1))

    await expect.poll(() => posted.length).toBe(1)
  })

  it('sends the rest when told, once', async () => {
    const { posted, parcels } = started()

    parcels.add(filled(200 * KILOBYTE, 1))
    parcels.flush()
    parcels.flush()
    await new Promise((resolve) => setTimeout(resolve, 5))

    expect(await firstBytes(posted)).toEqual([1])
  })

  it('keeps nothing back on a direct way, and sends no byte that stands beside a read', () => {
    const { posted, parcels } = started({ isDetour: false })
    const read = filled(200 * KILOBYTE, 1)

    parcels.add(read)
    parcels.add(read.subarray(0, 100 * KILOBYTE))

    expect(posted.map((bytes) => (bytes as Uint8Array).buffer.byteLength)).toEqual([
      200 * KILOBYTE,
      100 * KILOBYTE,
    ])
  })
})
