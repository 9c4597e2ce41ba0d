import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import { processExists } from '../processes/process-exists.ts'

/** How long a heartbeat may stand still before its process counts as dead, in milliseconds. */
const silenceOfLivingProcess = 120_000
const silenceOfUnknownProcess = 30_000

/** Leases held by queues of this very process. */
const ownTokens = new Set<string>()

/**
 * The name under which one queue of one process asks for jobs and holds them: `host/pid/token`, of a command
 * `host/pid/token/command`.
 */
export function openLease(ofCommand = false): string {
  const token = randomUUID()
  ownTokens.add(token)
  return `${encodeURIComponent(hostname())}/${process.pid}/${token}${ofCommand ? '/command' : ''}`
}

/** Whether a job was asked for by a command, which runs its own jobs and no others. */
export function isOfCommand(owner: string): boolean {
  return owner.split('/')[3] === 'command'
}

export function closeLease(owner: string): void {
  ownTokens.delete(parse(owner).token)
}

/**
 * Tells whether the owner of a job is alive. On this machine the process list answers at once; a process id that was
 * given to another program since, and owners on other machines, are told by a heartbeat that stands still.
 * Heartbeats are numbers, and the time they stand still is measured by our own clock, so clocks need not agree.
 */
export class LeaseWatch {
  readonly #seen = new Map<number, { owner: string; heartbeat: number; since: number }>()

  isAlive(jobId: number, owner: string, heartbeat: number): boolean {
    const { host, pid, token } = parse(owner)
    const here = host === hostname()
    if (here && pid === process.pid) return ownTokens.has(token)
    if (here && !processExists(pid)) return false
    const now = performance.now()
    const last = this.#seen.get(jobId)
    if (!last || last.owner !== owner || last.heartbeat !== heartbeat) {
      this.#seen.set(jobId, { owner, heartbeat, since: now })
      return true
    }
    return now - last.since < (here ? silenceOfLivingProcess : silenceOfUnknownProcess)
  }
}

function parse(owner: string): { host: string; pid: number; token: string } {
  const [host = '', pid = '', token = ''] = owner.split('/')
  return { host: decodeURIComponent(host), pid: Number(pid), token }
}
