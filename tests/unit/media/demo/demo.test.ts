import { describe, expect, test } from 'vitest'
import { paintScenes } from '../../../../main/media/demo/painting/painter.ts'
import type { Scene } from '../../../../main/media/demo/painting/scene.ts'
import { sentenceFor } from '../../../../main/media/demo/telling/sentence.ts'
import { red, reddish } from '../../../support/videos/red.ts'

const frameSize = { width: 160, height: 90 }
function scene(action: Scene['action'], background: Scene['background'] = { pattern: 'plain', color: 'blue' }): Scene {
  return { seconds: 4, background, action }
}
const redCircle = { shape: 'circle', color: 'red' } as const

describe('a painted scene shows what its sentence says', () => {
  const first = (of: Scene) => red([...paintScenes([of], frameSize, 5)][0] ?? new Uint8Array(), frameSize)
  const last = (of: Scene) => red([...paintScenes([of], frameSize, 5)].at(-1) ?? new Uint8Array(), frameSize)

  test('left to right', () => {
    const moving = scene({ kind: 'move', figure: redCircle, direction: 'right' })
    expect(sentenceFor(moving, { action: 0, place: 0 })).toBe(
      'A red circle moves from left to right across a blue background.',
    )
    expect(first(moving).x).toBeLessThan(0.2)
    expect(last(moving).x).toBeGreaterThan(0.8)
  })

  test('bottom to top', () => {
    const rising = scene(
      { kind: 'move', figure: redCircle, direction: 'up' },
      { pattern: 'stripes', color: 'teal', second: 'white' },
    )
    expect(sentenceFor(rising, { action: 0, place: 0 })).toBe(
      'A red circle moves from the bottom to the top over a teal and white striped background.',
    )
    expect(first(rising).y).toBeGreaterThan(0.75)
    expect(last(rising).y).toBeLessThan(0.25)
  })

  test('growing', () => {
    const growing = scene({ kind: 'grow', figure: redCircle }, { pattern: 'dots', color: 'green', second: 'white' })
    expect(sentenceFor(growing, { action: 1, place: 1 })).toBe(
      'A red circle gets bigger and bigger on a green background with white dots.',
    )
    expect(last(growing).share).toBeGreaterThan(8 * first(growing).share)
  })

  test('meeting', () => {
    const meeting = scene({ kind: 'meet', figure: redCircle, other: { shape: 'circle', color: 'red' } })
    const [start, end] = [
      [...paintScenes([meeting], frameSize, 5)][0],
      [...paintScenes([meeting], frameSize, 5)].at(-1),
    ]
    const middle = (frame: Uint8Array | undefined): boolean => {
      const at = (45 * 160 + 80) * 3
      return reddish(frame?.[at] ?? 0, frame?.[at + 1] ?? 0, frame?.[at + 2] ?? 0)
    }
    expect([middle(start), middle(end)]).toEqual([false, true])
  })

  test('edges are antialiased: between shape and ground there are mixed pixels', () => {
    const frame = [
      ...paintScenes(
        [scene({ kind: 'rotate', figure: { shape: 'square', color: 'white' } }, { pattern: 'plain', color: 'black' })],
        frameSize,
        5,
      ),
    ][2]
    const levels = new Set(frame)
    expect(levels.size).toBeGreaterThan(60)
  })
})
