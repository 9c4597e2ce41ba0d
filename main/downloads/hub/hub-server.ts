import { ExpectedError } from '../../../native-models/expected-error.ts'
import type { Settings } from '../../api/app.ts'

/** Where the hub is asked, and who asks. */
export interface HubServer {
  /** Without a slash at its end. */
  readonly endpoint: string
  /** Whether it is the hub itself and not what stands in for it. */
  readonly isHub: boolean
  /** Sent to this endpoint's origin alone; never part of a sentence or a log. */
  readonly token: string | null
}

export type Environment = Readonly<Record<string, string | undefined>>

const hub = 'https://huggingface.co'
const yes = /^(1|on|yes|true)$/i

/**
 * The mirror of the settings, else `HF_ENDPOINT`, else the hub itself. The token of `HF_TOKEN` is meant for the hub or
 * for the endpoint that the environment names beside it, not for a mirror of published files.
 * @throws ExpectedError when `HF_ENDPOINT` is no address.
 */
export function hubServer(
  { downloadMirror }: Pick<Settings, 'downloadMirror'>,
  environment: Environment = process.env,
): HubServer {
  const named = environment.HF_ENDPOINT?.trim() || hub
  if (!URL.canParse(named) || !/^https?:/.test(named)) {
    throw new ExpectedError(
      'hub-endpoint',
      `HF_ENDPOINT is ‘${named}’, which is no address: set it to one like ${hub}, or unset it.`,
    )
  }
  const endpoint = (downloadMirror ?? named).replace(/\/+$/, '')
  const mayKnow = new URL(endpoint).origin === new URL(named).origin
  return { endpoint, isHub: endpoint === hub, token: (mayKnow && environment.HF_TOKEN?.trim()) || null }
}

/** @throws ExpectedError when the environment says that the hub is not to be asked. */
export function assertHubAllowed(environment: Environment = process.env): void {
  if (!yes.test(environment.HF_HUB_OFFLINE ?? '')) return
  throw new ExpectedError(
    'offline',
    'HF_HUB_OFFLINE is set, so Hugging Face is not asked: unset it, or import a folder from disk with `model import`.',
  )
}
