import { createORPCClient } from '@orpc/client'
import { readonly, ref } from 'vue'
import type { WorkbenchClient } from '../../main/api/index.ts'
import { electronTransport } from './transport/electron.ts'
import type { Link } from './transport/transport.ts'
import { websocketTransport } from './transport/websocket.ts'

/** `lost`: it was open once and is being re-opened. */
export type ConnectionState = 'connecting' | 'open' | 'lost'

const firstPauseMs = 400
const longestPauseMs = 8_000

const transport = window.workbench ? electronTransport(window.workbench) : websocketTransport(window.location)
const state = ref<ConnectionState>('connecting')
let line = pendingLine()

function pendingLine() {
  let resolve!: (link: Link) => void
  const promise = new Promise<Link>(settle => {
    resolve = settle
  })
  return { promise, resolve }
}

/** Calls wait for the line to open; calls under way when it breaks are rejected. */
export const client: WorkbenchClient = createORPCClient<WorkbenchClient>({
  call: async (path, input, options) => (await line.promise).call(path, input, options),
})

export const connectionState = readonly(state)

/** The address of a thumbnail, frame or video below the host's media base. */
export function mediaUrl(path: string): string {
  return transport.mediaBase + path
}

/** Opens the line and re-opens it, with growing pauses, for as long as the window lives. */
export async function keepConnected(): Promise<never> {
  let pause = firstPauseMs
  for (;;) {
    try {
      const { link, closed } = await transport.open()
      line.resolve(link)
      state.value = 'open'
      pause = firstPauseMs
      await closed
      line = pendingLine()
      state.value = 'lost'
    } catch {
      // Not reachable yet: the banner says so, and the next attempt follows after the pause.
    }
    await new Promise(resolve => setTimeout(resolve, pause))
    pause = Math.min(pause * 2, longestPauseMs)
  }
}
