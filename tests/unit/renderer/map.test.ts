import { describe, expect, it } from 'vitest'
import { uniformStream } from '../../../native-models/starter/random.ts'
import { colouringOf, folderNames } from '../../../renderer/features/map/colours/colour-by.ts'
import type { Categories, Values } from '../../../renderer/features/map/colours/colour-by.ts'
import { drawingOrder, pointLook } from '../../../renderer/features/map/colours/point-colours.ts'
import {
  boundsOf,
  cameraInAddress,
  fitting,
  panned,
  toMap,
  toScreen,
  zoomed,
} from '../../../renderer/features/map/points/camera.ts'
import type { View } from '../../../renderer/features/map/points/camera.ts'
import { centrePictures, pictureSize } from '../../../renderer/features/map/points/centre-pictures.ts'
import { pictureOf, unpackMap, videoOf } from '../../../renderer/features/map/points/map-points.ts'
import { PointIndex } from '../../../renderer/features/map/points/point-index.ts'

const packed = (values: Float32Array | Int32Array) => Buffer.from(values.buffer).toString('base64')

/** Four clips of three videos. */
const map = unpackMap({
  id: 'm',
  subject: 'clips',
  model: 'starter',
  points: 4,
  principal: packed(Float32Array.of(-1, -1, 1, 1, 0, 0, 0.5, 0.5)),
  neighbours: null,
  video: packed(Int32Array.of(0, 0, 1, 2)),
  start: packed(Float32Array.of(0, 4, 0, 10)),
  end: packed(Float32Array.of(4, 8, 4, 20)),
  row: packed(Int32Array.of(0, 1, 2, 3)),
  videos: {
    id: [7, 8, 9],
    path: ['/a/cats/1.mp4', '/a/dogs/1.mp4', '/b/cats/1.mp4'],
    thumbnail: ['thumbnail/7', 'thumbnail/8', 'thumbnail/9'],
    duration: [8, 4, 20],
    lines: [240, 240, 1080],
    sentences: [3, 0, 0],
    tags: [['seen', 'wrong'], ['seen'], []],
  },
  isCurrent: true,
  isFinished: true,
  computedAt: 0,
})

const view: View = { camera: { x: 0.2, y: -0.1, zoom: 3 }, width: 800, height: 600, fit: 250 }

describe('the camera of a map', () => {
  it('brings a place of the screen to the map and back', () => {
    const at = toScreen(view, toMap(view, { x: 120, y: 480 }))
    expect(at.x).toBeCloseTo(120, 9)
    expect(at.y).toBeCloseTo(480, 9)
  })

  it('leaves what is under the pointer there when it comes nearer, and follows a drag', () => {
    const at = { x: 700, y: 100 }
    const nearer = { ...view, camera: zoomed(view, 2, at) }
    expect(nearer.camera.zoom).toBe(6)
    expect(toMap(nearer, at).x).toBeCloseTo(toMap(view, at).x, 9)
    expect(toMap(nearer, at).y).toBeCloseTo(toMap(view, at).y, 9)
    const dragged = { ...view, camera: panned(view, { x: 30, y: -20 }) }
    expect(toMap(dragged, { x: 430, y: 280 }).x).toBeCloseTo(toMap(view, { x: 400, y: 300 }).x, 9)
  })

  it('shows all points at first, with room around them, also when there is one or none', () => {
    for (const points of [Float32Array.of(-1, 0.5, 3, 0.6), Float32Array.of(2, 2), new Float32Array(0)]) {
      const whole = { ...fitting(boundsOf(points), view), width: view.width, height: view.height }
      for (let at = 0; at < points.length; at += 2) {
        const { x, y } = toScreen(whole, { x: points[at]!, y: points[at + 1]! })
        expect(x).toBeGreaterThan(40)
        expect(x).toBeLessThan(760)
        expect(y).toBeGreaterThan(40)
        expect(y).toBeLessThan(560)
      }
      expect(Number.isFinite(whole.fit)).toBe(true)
    }
  })

  it('is in the address, where nonsense counts as none', () => {
    expect(cameraInAddress.read(cameraInAddress.write(view.camera))).toEqual(view.camera)
    for (const text of ['', '1,2', '1,2,3,4', 'a,b,c', '1,2,0', '1,2,1e9', '0,0,99999']) {
      expect(cameraInAddress.read(text)).toBeNull()
    }
  })
})

describe('points by where they lie', () => {
  const next = uniformStream(4)
  const points = Float32Array.from({ length: 4000 }, () => 2 * next() - 1)
  const index = new PointIndex(points)

  it('has the nearest of a place, if it is near enough', () => {
    for (let turn = 0; turn < 15; turn++) {
      const at = { x: 2 * next() - 1, y: 2 * next() - 1 }
      const away = (point: number) => Math.hypot(points[2 * point]! - at.x, points[2 * point + 1]! - at.y)
      const best = Array.from({ length: 2000 }, (_, point) => point).sort((a, b) => away(a) - away(b))[0]!
      expect(index.nearest(at, 0.2)).toBe(best)
      expect(index.nearest(at, away(best) * 0.99)).toBeNull()
    }
    expect(index.nearest({ x: 5, y: 5 }, 1)).toBeNull()
  })

  it('has those in a box and inside a drawn line, and none inside a stroke', () => {
    const box = [
      { x: -0.5, y: -0.5 },
      { x: 0.25, y: -0.5 },
      { x: 0.25, y: 0.75 },
      { x: -0.5, y: 0.75 },
    ]
    const inBox = Array.from({ length: 2000 }, (_, point) => point).filter(point => {
      const [x, y] = [points[2 * point]!, points[2 * point + 1]!]
      return x > -0.5 && x < 0.25 && y > -0.5 && y < 0.75
    })
    expect(index.within({ left: -0.5, top: -0.5, right: 0.25, bottom: 0.75 })).toEqual(inBox)
    expect(index.inside(box)).toEqual(inBox)
    const triangle = [
      { x: -1, y: -1 },
      { x: 1, y: -1 },
      { x: -1, y: 1 },
    ]
    expect(index.inside(triangle).every(point => points[2 * point]! + points[2 * point + 1]! <= 1e-6)).toBe(true)
    expect(index.inside(triangle).length).toBeGreaterThan(800)
    expect(index.inside(box.slice(0, 2))).toEqual([])
  })

  it('is there for no points and for points in one place', () => {
    expect(new PointIndex(new Float32Array(0)).nearest({ x: 0, y: 0 }, 1)).toBeNull()
    expect(new PointIndex(new Float32Array(20)).within({ left: 0, top: 0, right: 0, bottom: 0 })).toHaveLength(10)
  })

  it('has pictures that do not cover one another, and together stand for what is in sight', () => {
    const whole = { ...fitting(boundsOf(points), view), width: view.width, height: view.height }
    const pictures = centrePictures(points, index, whole)
    expect(pictures.length).toBeGreaterThan(5)
    for (const [place, a] of pictures.entries()) {
      expect(a.y - pictureSize.above - pictureSize.height).toBeGreaterThanOrEqual(0)
      for (const b of pictures.slice(0, place)) {
        const isApart = Math.abs(a.x - b.x) > pictureSize.width || Math.abs(a.y - b.y) > pictureSize.height
        expect(isApart).toBe(true)
      }
    }
  })
})

describe('what points of a map are', () => {
  it('a clip has the picture of its middle', () => {
    expect(videoOf(map, 3)).toBe(9)
    expect(pictureOf(map, 3)).toBe('frame/9/15000')
    expect(pictureOf({ ...map, subject: 'videos' }, 3)).toBe('thumbnail/9')
  })

  it('folders are called by as much of their path as tells them apart', () => {
    expect(folderNames(map.videos.path)).toEqual(['a/cats', 'dogs', 'b/cats'])
    expect(folderNames(['C:\\films\\1.mp4', '1.mp4', '/1.mp4'])).toEqual(['films', '/', '/'])
  })
})

describe('the colours of a map', () => {
  const nothing = { scores: null, standings: null }
  const categories = (by: 'tag' | 'folder' | 'resolution') => colouringOf(map, by, nothing) as Categories
  const values = (by: 'length' | 'time' | 'score', scores: Float32Array | null = null) =>
    colouringOf(map, by, { ...nothing, scores }) as Values

  it('a point has the rarest of its tags, and each tag all of its points', () => {
    const { categories: tags, of, members } = categories('tag')
    expect(tags.map(({ name, points }) => [name, points])).toEqual([
      ['seen', 3],
      ['wrong', 2],
      [null, 1],
    ])
    expect([...of]).toEqual([1, 1, 0, 2])
    expect(members(0)).toEqual([0, 1, 2])
    expect(members(1)).toEqual([0, 1])
    expect(members(2)).toEqual([3])
  })

  it('the most frequent kinds have a colour of their own, the others share one', () => {
    const path = Array.from({ length: 40 }, (_, at) => `/videos/${at < 20 ? 'large' : at}/x.mp4`)
    const video = Int32Array.from(path.keys())
    const many = { ...map, count: 40, video, videos: { ...map.videos, path } }
    const { categories: folders, of, members } = colouringOf(many, 'folder', nothing) as Categories
    expect(folders).toHaveLength(12)
    expect(folders[0]).toEqual({ name: 'large', isRest: false, points: 20 })
    expect(folders.at(-1)).toEqual({ name: null, isRest: true, points: 10 })
    expect(members(11)).toHaveLength(10)
    expect(of[39]).toBe(11)
  })

  it('values are of the points themselves: scores by the row of the stored map', () => {
    expect([...values('time').values]).toEqual([0.25, 0.75, 0.5, 0.75])
    expect([...values('length').values]).toEqual([8, 8, 4, 20])
    const score = values('score', Float32Array.of(0.5, 0.25, NaN, 1))
    expect(score).toMatchObject({ low: 0.25, high: 1 })
    expect(colouringOf(map, 'score', nothing)).toBeNull()
  })

  it('an evaluation gives its number to all points of a video, and none to videos it is not of', () => {
    const standings = new Map([[map.videos.path[0] ?? '', 0.5]])
    const { values: found, low, high } = colouringOf(map, 'evaluation', { ...nothing, standings }) as Values
    expect([low, high]).toEqual([0, 1])
    expect([...found]).toEqual([...map.video].map(place => (place === 0 ? 0.5 : NaN)))
    expect(colouringOf(map, 'evaluation', nothing)).toBeNull()
  })

  it('what is selected lies over what is lit, and that over the rest; high values over low ones', () => {
    const colouring = values('length')
    const order = drawingOrder(map.count, colouring)
    expect([...order]).toEqual([2, 0, 1, 3])
    const scale = { css: () => '', rgb: () => [1, 2, 3] as const }
    const look = pointLook({
      ...{ count: map.count, colouring, order, scale, theme: 'dark', plain: '#55c9b4' },
      marked: new Set([2]),
      lit: new Set([0, 2]),
    })
    expect([...look.order]).toEqual([1, 3, 0, 2])
    expect([...look.marks]).toEqual([0, 0, 1, 0])
    const opacity = (point: number) => look.colours[4 * point + 3]!
    expect(opacity(0)).toBeGreaterThan(200)
    expect(opacity(1)).toBeLessThan(60)
  })
})
