import { expect, test } from 'vitest'
import { createApp } from 'vue'
import { createMemoryHistory, createRouter } from 'vue-router'
import {
  oneInAddress,
  placeInAddress,
  textInAddress,
  useAddressed,
} from '../../../../renderer/composables/addressed.ts'

async function windowAt(address: string) {
  const page = { render: () => null }
  const router = createRouter({
    history: createMemoryHistory(),
    routes: [
      { path: '/attention/:videoId?', name: 'attention', component: page },
      { path: '/library', name: 'library', component: page },
    ],
  })
  await router.push(address)
  const app = createApp(page).use(router)
  const choices = app.runWithContext(() => ({
    stage: useAddressed('stage', placeInAddress),
    head: useAddressed('head', placeInAddress),
    sort: useAddressed('sort', oneInAddress(['name', 'newest'])),
    text: useAddressed('text', textInAddress),
  }))
  const settled = async () => {
    await new Promise(resolve => setTimeout(resolve, 5))
    await router.isReady()
    return router.currentRoute.value.fullPath
  }
  return { router, choices, settled }
}

test('a choice is what the address says, and what it does not say is nobody’s choice', async () => {
  const { choices, router } = await windowAt('/attention/7?stage=4&head=0&sort=size&text=a%20star')
  expect(choices.stage.value).toBe(3)
  expect([choices.head.value, choices.sort.value]).toEqual([null, null])
  expect(choices.text.value).toBe('a star')
  await router.push('/attention/7?stage=1&sort=newest')
  expect([choices.stage.value, choices.sort.value, choices.text.value]).toEqual([0, 'newest', null])
})

test('choices made at once change the address together, in place of what was there', async () => {
  const { choices, settled, router } = await windowAt('/attention/7?stage=4&head=2&q=kept')
  choices.stage.value = 1
  choices.head.value = null
  choices.sort.value = 'newest'
  expect(await settled()).toBe('/attention/7?stage=2&q=kept&sort=newest')
  expect(choices.stage.value).toBe(1)
  router.back()
  // The choices left no step behind them.
  expect(await settled()).toBe('/attention/7?stage=2&q=kept&sort=newest')
})

test('a choice of a page that was left meanwhile does not lead back', async () => {
  const { choices, settled, router } = await windowAt('/attention/7')
  choices.stage.value = 1
  await router.push('/library')
  expect(await settled()).toBe('/library')
})
