import type { AttentionWords } from '../../../../main/api/index.ts'
import { client } from '../../../client/client.ts'
import { codeOf } from '../../../client/problem.ts'

type Asked = Parameters<typeof client.inspect.attentionWords>[0]

/** Words and frames as a model reads them; where it has no such layer or head, its last layer and their mean. */
export function readWords(asked: Asked, signal: AbortSignal): Promise<AttentionWords> {
  return client.inspect.attentionWords(asked, { signal }).catch((error: unknown) => {
    if (codeOf(error) !== 'attention-position') throw error
    return client.inspect.attentionWords({ ...asked, layer: null, head: null }, { signal })
  })
}
