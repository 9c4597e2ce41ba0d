import { expect, test } from 'vitest'
import { needsExample, placeOf, tourSteps } from '../../../../renderer/features/tour/steps.ts'

const example = { videoId: 7, paragraph: 'A red star rises. Then it falls.' }

test('the tour goes from the library over what it shows of a video to fine-tuning', () => {
  expect(tourSteps.map(step => placeOf(step, example))).toEqual([
    { name: 'library' },
    { name: 'search', query: { q: example.paragraph } },
    { name: 'alignment', params: { videoId: 7 } },
    { name: 'attention', params: { videoId: 7 } },
    { name: 'fine-tune' },
  ])
})

test('without a video that is indexed, its pages are named alone', () => {
  expect(tourSteps.filter(needsExample)).toEqual(['search', 'alignment', 'attention'])
  expect(tourSteps.map(step => placeOf(step, null))).toEqual(tourSteps.map(name => ({ name })))
})
