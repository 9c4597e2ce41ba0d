import { describe, expect, it } from 'vitest'
import { inspectDataset } from '../../../../../main/training/data/datasets/inspect.ts'
import { colourVideos } from '../../../../promises/support/colour-videos.ts'
import { formatPromises } from '../../../../promises/support/formats/formats.ts'
import { labelledFolder, numbered, videos } from '../labelled-folder.ts'

const { at, choose, write, read } = labelledFolder()

/** What is told of a row, and by what a query of a run is asked for. */
describe('where a row stands', () => {
  it.each(formatPromises.filter(({ packed }) => packed !== true))(
    'is said of $data so that no two are alike',
    async promise => {
      await write(videos(...colourVideos.map(({ name }) => `${name}.mp4`)))
      await write(promise.files(at('')))
      const { examples } = await read(promise.asks ? { frameRate: 8 } : {})
      expect(examples.length).toBeGreaterThan(0)
      expect(new Set(examples.map(({ source }) => source)).size).toBe(examples.length)
    },
  )

  it('has the column where a line holds several entries of a list', async () => {
    const row = (video: string, sentence: string) => JSON.stringify({ video, sentence, start: 0, end: 1 })
    await write({
      ...numbered(3),
      'train.json': `[${row('v1.mp4', 'one')}, ${row('v2.mp4', 'two')},\n  ${row('v3.mp4', 'three')}]`,
    })
    const { examples } = await read()
    const second = 4 + row('v1.mp4', 'one').length
    expect(examples.map(({ source }) => source)).toEqual(['train.json:1:2', `train.json:1:${second}`, 'train.json:2'])
    // Of sentences with times each is a query for its moment, known by where it stands.
    const moments = await read({ task: 'moments' })
    expect(moments.examples).toHaveLength(3)
    expect(moments.problems).toEqual([])
  })

  it('comes with the times of what it says', async () => {
    const query = {
      qid: 1,
      query: 'a dog runs',
      duration: 60,
      vid: 'v1',
      relevant_windows: [
        [2, 8],
        [10, 14.5],
      ],
    }
    await write({ ...numbered(1), 'train.jsonl': JSON.stringify(query) })
    const shown = async (task: 'moments' | 'retrieval') => {
      const asked = { signal: new AbortController().signal, probe: null, frames: 1 }
      const { rows } = await inspectDataset(choose({ task }), asked)
      return rows.map(({ start, end, times }) => ({ start, end, times }))
    }
    const whole = { start: null, end: null }
    expect(await shown('moments')).toEqual([
      {
        ...whole,
        times: [
          [2, 8],
          [10, 14.5],
        ],
      },
    ])
    // A sentence has one time.
    expect(await shown('retrieval')).toEqual([{ ...whole, times: [] }])
  })
})
