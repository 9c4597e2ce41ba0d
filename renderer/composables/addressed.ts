import { computed, shallowRef, watch } from 'vue'
import type { ShallowRef, WritableComputedRef } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import type { LocationQueryValue, Router } from 'vue-router'

/** How a value stands in the address. Null stands for what the page shows of itself, and is left out. */
export interface Written<Value> {
  /** @param text what the address says. @returns null for what is no such value. */
  read(text: string): Value | null
  write(value: Value): string
}

/** A place in a list, from 0; in the address it counts from 1, as on the screen. */
export const placeInAddress: Written<number> = {
  read: text => (/^[1-9]\d{0,5}$/.test(text) ? Number(text) - 1 : null),
  write: place => String(place + 1),
}

export const numberInAddress: Written<number> = {
  read: text => (/^\d{1,15}$/.test(text) ? Number(text) : null),
  write: number => String(number),
}

/** Seconds, to the hundredth. */
export const secondsInAddress: Written<number> = {
  read: text => (/^\d{1,9}(\.\d+)?$/.test(text) ? Number(text) : null),
  write: seconds => String(Math.round(seconds * 100) / 100),
}

export const textInAddress: Written<string> = { read: text => text || null, write: text => text }

export function oneInAddress<Value extends string>(allowed: readonly Value[]): Written<Value> {
  return { read: text => allowed.find(value => value === text) ?? null, write: value => value }
}

/** What is to be changed in the address of a window, all at once. */
interface Changes {
  /** The page whose choices they are. */
  page: unknown
  readonly texts: Map<string, string | undefined>
  /** Whether the window is on its way to another address, which goes first. */
  underWay: boolean
}

const changesOf = new WeakMap<Router, Changes>()

/**
 * A choice that is part of the address of the page, as `?stage=4`: a reload, a sent link and the bookmark show it
 * again. It leaves no step to go back to.
 */
export function useAddressed<Value>(name: string, written: Written<Value>): WritableComputedRef<Value | null> {
  const route = useRoute()
  const router = useRouter()
  const changes = follow(router)
  return computed({
    get: () => {
      const text = first(route.query[name])
      return text === null ? null : written.read(text)
    },
    set: value => change(router, changes, { name, text: value === null ? undefined : written.write(value) }),
  })
}

/** The same with what is shown without a choice, which the address leaves out. */
export function addressed<Value>(name: string, written: Written<Value>, initial: Value): WritableComputedRef<Value> {
  const chosen = useAddressed(name, written)
  return computed({
    get: () => chosen.value ?? initial,
    set: value => {
      chosen.value = value === initial ? null : value
    },
  })
}

/** The same for what the page needs to know at once: the address follows. */
export function useAddressedAtOnce<Value>(name: string, written: Written<Value>): ShallowRef<Value | null> {
  const address = useAddressed(name, written)
  const chosen = shallowRef<Value | null>(address.value)
  const textOf = (value: Value | null) => (value === null ? null : written.write(value))
  let own = textOf(chosen.value)
  watch(chosen, now => {
    own = textOf(now)
    address.value = now
  })
  watch(address, now => {
    if (textOf(now) !== own) chosen.value = now
  })
  return chosen
}

/** Watches where the window goes, once for each window. */
function follow(router: Router): Changes {
  const known = changesOf.get(router)
  if (known) return known
  const changes: Changes = { page: null, texts: new Map(), underWay: false }
  changesOf.set(router, changes)
  router.beforeEach(() => {
    changes.underWay = true
  })
  router.afterEach(() => {
    changes.underWay = false
    apply(router, changes)
  })
  return changes
}

function change(router: Router, changes: Changes, { name, text }: { name: string; text: string | undefined }): void {
  // Not sooner: the router tells of a way that was begun just now after some turns of its own.
  if (changes.texts.size === 0) setTimeout(() => apply(router, changes))
  changes.page = router.currentRoute.value.name
  changes.texts.set(name, text)
}

function apply(router: Router, changes: Changes): void {
  if (changes.underWay || changes.texts.size === 0) return
  const { name, params, query, hash } = router.currentRoute.value
  const texts = Object.fromEntries(changes.texts)
  changes.texts.clear()
  // Whoever has gone on to another page meanwhile is not taken back.
  if (name === changes.page) void router.replace({ params, hash, query: { ...query, ...texts } })
}

function first(value: LocationQueryValue | LocationQueryValue[] | undefined): string | null {
  return (Array.isArray(value) ? value[0] : value) ?? null
}
