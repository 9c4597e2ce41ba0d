import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { FileServer, serve, status } from './file-server.ts'
import type { Answer } from './file-server.ts'

/** A repository as the stand-in for the hub has it. */
export interface HubRepository {
  readonly commit: string
  readonly files: ReadonlyMap<string, Buffer>
  readonly licence?: string
  /** `accepted`: the tokens that may read it; without one nobody needs any. */
  readonly readers?: readonly string[]
  /** Its licence must be accepted; otherwise a repository with readers is a private one. */
  readonly gated?: boolean
}

export const commitOf = (text: string): string => createHash('sha1').update(text).digest('hex')
export const sha256Of = (content: Buffer): string => createHash('sha256').update(content).digest('hex')
const gitHashOf = (content: Buffer): string =>
  createHash('sha1').update(`blob ${content.length}\0`).update(content).digest('hex')

/** As the hub's `.gitattributes`: such files are stored elsewhere. */
const isLarge = (path: string): boolean => /\.(onnx|onnx_data|safetensors|bin)$/.test(path)

/** The files of a folder by their paths, as a repository has them. */
export function filesOf(folder: string): Map<string, Buffer> {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(path =>
    statSync(join(folder, path)).isFile(),
  )
  return new Map(paths.map(path => [path.replaceAll('\\', '/'), readFileSync(join(folder, path))]))
}

/**
 * Behaves like Hugging Face as far as downloads see it: lists a repository at a revision, sends small files itself and
 * redirects to a content server for large ones, and says in headers why it refuses.
 */
export class HubStandIn {
  readonly hub = new FileServer()
  readonly content = new FileServer()
  readonly repositories = new Map<string, HubRepository>()
  /** Looked at before the usual answer, on both servers; null leaves it at that. */
  fault: (request: IncomingMessage, where: 'hub' | 'content') => Answer | null = () => null

  async listen(): Promise<void> {
    await this.hub.listen()
    await this.content.listen()
    this.hub.answers(this.answer)
    this.content.answers((request, response) =>
      (this.fault(request, 'content') ?? this.#send(request))(request, response),
    )
  }

  /** What the hub answers, for a mirror that stands in for it. */
  readonly answer: Answer = (request, response) =>
    (this.fault(request, 'hub') ?? this.#answer(request))(request, response)

  async close(): Promise<void> {
    await this.hub.close()
    await this.content.close()
  }

  /**
   * The addresses that the hub was asked for since {@link forget}. One that is repeated counts once: Node's fetch sends
   * a request again by itself when a closing connection took it along.
   */
  get asked(): string[] {
    return this.hub.requests.map(({ url = '' }) => url).filter((url, index, all) => url !== all[index - 1])
  }

  forget(): void {
    this.hub.requests.length = this.content.requests.length = 0
  }

  #answer(request: IncomingMessage): Answer {
    const { pathname } = new URL(request.url ?? '', 'http://hub')
    const listed = /^\/api\/models\/([^/]+\/[^/]+)\/revision\/(.+)$/.exec(pathname)
    const resolved = /^\/([^/]+\/[^/]+)\/resolve\/([^/]+)\/(.+)$/.exec(pathname)
    const [, name = '', revision = '', path = ''] = listed ?? resolved ?? []
    const repository = this.repositories.get(name)
    const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1]
    if (!repository || (repository.readers && !repository.gated && !repository.readers.includes(token ?? ''))) {
      // As the hub does: who has not signed in is not told whether there is a private one.
      return status(token === undefined ? 401 : 404, {
        'x-error-code': 'RepoNotFound',
        'x-error-message': 'Repository not found',
      })
    }
    if (!['main', repository.commit].includes(decodeURIComponent(revision))) {
      return status(404, { 'x-error-code': 'RevisionNotFound', 'x-error-message': 'Invalid rev id: ' + revision })
    }
    if (listed) return this.#list(name, repository)
    if (repository.gated && !repository.readers?.includes(token ?? '')) {
      return status(token === undefined ? 401 : 403, {
        'x-error-code': 'GatedRepo',
        'x-error-message': `Access to model ${name} is restricted.`,
      })
    }
    const content = repository.files.get(decodeURIComponent(path))
    const commit = { 'x-repo-commit': repository.commit }
    if (!content) return status(404, { ...commit, 'x-error-code': 'EntryNotFound' })
    if (!isLarge(path)) return serve({ content, etag: `"${gitHashOf(content)}"`, headers: commit })
    return status(302, {
      ...commit,
      location: `${this.content.url}/${sha256Of(content)}?Signature=abc`,
      'x-linked-etag': `"${sha256Of(content)}"`,
      'x-linked-size': String(content.length),
    })
  }

  #list(id: string, { commit, files, licence, gated }: HubRepository): Answer {
    const siblings = [...files].map(([rfilename, content]) => ({
      rfilename,
      size: content.length,
      ...(isLarge(rfilename)
        ? {
            blobId: gitHashOf(Buffer.from(`pointer of ${rfilename}`)),
            lfs: { sha256: sha256Of(content), size: content.length, pointerSize: 130 },
          }
        : { blobId: gitHashOf(content) }),
    }))
    const content = JSON.stringify({
      id,
      modelId: id,
      sha: commit,
      private: false,
      gated: gated ? 'manual' : false,
      disabled: false,
      tags: ['onnx', ...(licence ? [`license:${licence}`] : [])],
      cardData: licence ? { license: licence } : null,
      siblings,
    })
    return serve({
      content: Buffer.from(content),
      etag: 'W/"weak"',
      headers: { 'content-type': 'application/json; charset=utf-8' },
    })
  }

  #send(request: IncomingMessage): Answer {
    const sha256 = (request.url ?? '').slice(1).split('?')[0]
    for (const { files } of this.repositories.values()) {
      for (const content of files.values()) {
        if (sha256Of(content) === sha256) return serve({ content, etag: `"${sha256}"` })
      }
    }
    return status(404)
  }
}
