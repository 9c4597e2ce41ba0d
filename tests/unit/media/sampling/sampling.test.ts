import { describe, expect, test } from 'vitest'
import type { MediaInfo } from '../../../../main/media/media-info.ts'
import {
  framesOnScreen,
  overviewIndices,
  overviewTimes,
  planDecoding,
  denseSegments,
} from '../../../../main/media/sampling/sampling.ts'
import type { Timeline } from '../../../../main/media/timeline/timeline.ts'

function video(duration: number, frameRate = 25): MediaInfo {
  return {
    duration,
    frameRate,
    frameCount: Math.round(duration * frameRate),
    frameCountExact: true,
    width: 640,
    height: 360,
    storedWidth: 640,
    storedHeight: 360,
    rotation: 0,
    codec: 'h264',
    pixelFormat: 'yuv420p',
    container: 'mov,mp4',
    hasAudio: false,
    audioCodec: null,
    startTime: 0,
    firstFrameTime: 0,
  }
}

function timeline(frames: number, groupLength: number, rate = 25): Timeline {
  const frameTimes = Float64Array.from({ length: frames }, (_, index) => index / rate)
  return {
    frameTimes,
    keyframeTimes: frameTimes.filter((_, index) => index % groupLength === 0),
    complete: true,
    listed: false,
    timed: true,
    reordered: true,
    hidden: false,
  }
}

describe('overview', () => {
  // From the published sampler, numpy.linspace(0, n − 1, N).astype(int).
  test.each([
    {
      frames: 100,
      sample: 32,
      indices: [
        0, 3, 6, 9, 12, 15, 19, 22, 25, 28, 31, 35, 38, 41, 44, 47, 51, 54, 57, 60, 63, 67, 70, 73, 76, 79, 83, 86, 89,
        92, 95, 99,
      ],
    },
    {
      frames: 33,
      sample: 32,
      indices: [
        0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29,
        30, 32,
      ],
    },
    {
      frames: 31,
      sample: 32,
      indices: [
        0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29,
        30,
      ],
    },
    {
      frames: 7,
      sample: 32,
      indices: [0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 3, 3, 3, 3, 3, 4, 4, 4, 4, 4, 5, 5, 5, 5, 5, 6],
    },
    {
      frames: 5417,
      sample: 32,
      indices: [
        0, 174, 349, 524, 698, 873, 1048, 1222, 1397, 1572, 1747, 1921, 2096, 2271, 2445, 2620, 2795, 2970, 3144, 3319,
        3494, 3668, 3843, 4018, 4193, 4367, 4542, 4717, 4891, 5066, 5241, 5416,
      ],
    },
    { frames: 64, sample: 16, indices: [0, 4, 8, 12, 16, 21, 25, 29, 33, 37, 42, 46, 50, 54, 58, 63] },
  ])('$sample of $frames frames are those of the published protocol', ({ frames, sample, indices }) => {
    expect(overviewIndices(frames, sample)).toEqual(indices)
  })

  test('at a variable frame rate the times are those of the frames, not of a clock', () => {
    const frameTimes = Float64Array.from([0, 1, 2, 10, 10.1])
    expect(
      overviewTimes(video(10.2), 5, {
        frameTimes,
        keyframeTimes: frameTimes,
        complete: true,
        listed: false,
        timed: true,
        reordered: true,
        hidden: false,
      }),
    ).toEqual([0, 1, 2, 10, 10.1])
  })
})

describe('dense segments', () => {
  test('cover the video without a gap; the last one is shifted back to end with it', () => {
    const segments = denseSegments(video(40))
    expect(segments.map(({ start, end }) => [start, end])).toEqual([
      [0, 16],
      [16, 32],
      [24, 40],
    ])
    expect(segments[1]?.times).toEqual(Array.from({ length: 32 }, (_, frame) => 16 + frame / 2))
    expect(segments[2]?.times.at(-1)).toBe(39.5)
  })

  test('a video shorter than a segment has one, which stays at the last frame', () => {
    const [segment, ...others] = denseSegments(video(4))
    expect(others).toEqual([])
    expect(segment).toMatchObject({ start: 0, end: 4 })
    expect(segment?.times).toHaveLength(32)
    expect(segment?.times.slice(7)).toEqual([3.5, ...Array.from({ length: 24 }, () => 3.96)])
  })

  test('a rest of less than a frame makes no segment of its own', () => {
    expect(denseSegments(video(32.02))).toHaveLength(2)
  })
})

describe('decoding plan', () => {
  const hd = 1280 * 720

  test('frames of one group of pictures share a decode, and no group is entered twice', () => {
    const long = timeline(10_000, 250)
    const wanted = framesOnScreen(long, [0, 1, 100, 101, 109, 395])
    expect(
      planDecoding(long, wanted, { seekable: true, pixels: hd, needless: false }).runs.map(run =>
        run.frames.map(frame => frame.time),
      ),
    ).toEqual([[0, 1], [100, 101, 109], [395]])
  })

  test('samples denser than keyframes make one linear pass', () => {
    const dense = timeline(2000, 12)
    const { runs } = planDecoding(
      dense,
      framesOnScreen(
        dense,
        Array.from({ length: 320 }, (_, index) => index / 4),
      ),
      { seekable: true, pixels: hd, needless: false },
    )
    expect(runs).toHaveLength(1)
    expect(runs[0]?.fromStart).toBe(true)
  })

  test('small pictures are decoded on rather than sought: a seek costs as much as hundreds of them', () => {
    const film = timeline(4800, 24, 24)
    const wanted = framesOnScreen(
      film,
      Array.from({ length: 200 }, (_, index) => index),
    )
    expect(planDecoding(film, wanted, { seekable: true, pixels: hd, needless: false }).runs).toHaveLength(200)
    expect(planDecoding(film, wanted, { seekable: true, pixels: 320 * 240, needless: false }).runs).toHaveLength(1)
  })

  test('where frames can be left out, one pass without them is made when that is cheaper than seeking', () => {
    const film = timeline(4000, 100)
    const plan = (times: number[], needless = true, pixels = hd) =>
      planDecoding(film, framesOnScreen(film, times), { seekable: true, pixels, needless })
    const everyHalfSecond = Array.from({ length: 320 }, (_, index) => index / 2)
    expect(plan(everyHalfSecond, false)).toMatchObject({ leaveOut: false, runs: { length: 40 } })
    expect(plan(everyHalfSecond)).toMatchObject({ leaveOut: true, runs: [{ fromStart: true }] })
    expect(plan(everyHalfSecond).runs[0]?.frames).toHaveLength(320)
    expect(plan([8, 9, 10])).toMatchObject({ leaveOut: true, runs: [{ fromStart: false }] })
    // A few frames far apart: most groups of pictures are not needed at all. Frames that are all wanted: there is
    // nothing to leave out.
    expect(plan([0, 50, 100, 150])).toMatchObject({ leaveOut: false, runs: { length: 4 } })
    expect(plan(Array.from({ length: 100 }, (_, index) => index / 25))).toMatchObject({
      leaveOut: false,
      runs: { length: 1 },
    })
  })

  test('a container that cannot seek is read once from its start', () => {
    const long = timeline(10_000, 250)
    expect(
      planDecoding(long, framesOnScreen(long, [0, 100, 395]), { seekable: false, pixels: hd, needless: false }).runs,
    ).toHaveLength(1)
  })

  test('the frame on screen is the last one shown before a time; past the end it is the last one', () => {
    const short = timeline(10, 5)
    expect(framesOnScreen(short, [0.079, 0.05, 0.0799, 99, -1]).map(frame => frame.index)).toEqual([2, 1, 2, 9, 0])
  })
})
