import { ExpectedError } from '../../../native-models/expected-error.ts'
import type { Access } from '../transfer/request.ts'
import type { HubServer } from './hub-server.ts'
import { repositoryId } from './repository.ts'
import type { Repository } from './repository.ts'

const tokens = 'https://huggingface.co/settings/tokens'
/** Commits are named by 40 hexadecimal digits. */
export const commitName = /^[0-9a-f]{40}$/

/** The model's page, to be read in a browser. */
export const pageOf = ({ name }: Repository): string => `https://huggingface.co/${name}`

/**
 * How the hub is asked for a model, and what its refusals mean: it says in a header of its own whether the model, the
 * revision or the file is missing, or a licence is not accepted yet.
 * @param commit that every answer must be of; null while it is not known yet.
 */
export function hubAccess(server: HubServer, repository: Repository, commit: string | null): Access {
  const origin = new URL(server.endpoint).origin
  return {
    origin,
    token: server.token,
    look(headers) {
      const answered = headers.get('x-repo-commit')
      if (commit === null || answered === null || answered === commit) return
      throw new ExpectedError(
        'hub-changed',
        `${new URL(origin).host} sends commit ${answered} of ${repository.name} where ${commit} was asked for: nothing was kept; download it again, and if that happens twice, look at ${pageOf(repository)}.`,
      )
    },
    explain: (status, headers) => explain(server, repository, { status, headers, commit }),
  }
}

function explain(
  server: HubServer,
  repository: Repository,
  { status, headers, commit }: { readonly status: number; readonly headers: Headers; readonly commit: string | null },
): ExpectedError | null {
  const { host } = new URL(server.endpoint)
  const id = repositoryId(repository)
  const page = pageOf(repository)
  const said = headers.get('x-error-message') ?? ''
  const code = headers.get('x-error-code')
  if (code === 'GatedRepo') return gated(server, repository, said)
  if (code === 'EntryNotFound' || (code === 'RevisionNotFound' && commit !== null)) {
    return new ExpectedError(
      'hub-changed',
      `${id} has changed while it was downloaded, and what was listed is not there any more: download it again, or look at ${page}.`,
    )
  }
  if (code === 'RevisionNotFound') {
    return new ExpectedError(
      'hub-revision',
      `${repository.name} has no revision ‘${repository.revision}’: its branches and tags are listed at ${page}/tree/main; without @REVISION the newest is taken.`,
    )
  }
  if (/disabled/i.test(said)) {
    return new ExpectedError('hub-refused', `${host} has closed ${id} (${oneLine(said)}): choose another model.`)
  }
  if (status === 401 || status === 403) {
    if (server.token !== null) {
      return new ExpectedError(
        'hub-refused',
        `${host} does not let the token of HF_TOKEN read ${id} (${status}${said === '' ? '' : `: ${oneLine(said)}`}): check its spelling, and at ${tokens} that the token is valid and may read this model.`,
      )
    }
    return new ExpectedError(
      'hub-unknown',
      `${host} has no public model ${repository.name}: check the spelling of OWNER/NAME, or set HF_TOKEN to a token from ${tokens} if it is a private one.`,
    )
  }
  if (status === 404 || status === 410) {
    return new ExpectedError(
      'hub-unknown',
      server.isHub
        ? `${host} has no model ${repository.name}: check the spelling of OWNER/NAME, capitals included; search for it at https://huggingface.co/models?library=onnx.`
        : `${host} has no model ${repository.name}, or does not answer as Hugging Face does: check the spelling, or leave the mirror (HF_ENDPOINT, or the settings) out.`,
    )
  }
  return null
}

/** A model whose licence must be accepted first, or for which access is asked. */
function gated({ token }: HubServer, repository: Repository, said: string): ExpectedError {
  const page = pageOf(repository)
  const id = repositoryId(repository)
  if (token === null) {
    return new ExpectedError(
      'hub-licence',
      `${id} asks you to accept its licence first: sign in at ${page} and accept it, set HF_TOKEN to a token from ${tokens}, and download it again.`,
    )
  }
  return /fine-grained|token settings/i.test(said)
    ? new ExpectedError(
        'hub-licence',
        `The token of HF_TOKEN may not read models with a licence to accept, as ${id} is: allow that to it at ${tokens}, and download it again.`,
      )
    : new ExpectedError(
        'hub-licence',
        `The account of HF_TOKEN has not been given ${id} yet: sign in at ${page}, accept its licence or ask for access, and download it again.`,
      )
}

/** What a server says, for a sentence of ours: nothing in it moves a cursor, and it comes to an end. */
const oneLine = (text: string): string =>
  text
    .replaceAll(/\p{Cc}/gu, ' ')
    .trim()
    .replace(/\.+$/, '')
    .slice(0, 200)
