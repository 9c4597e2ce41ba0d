import { createHash } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { readModel, weightsFile } from '../main/model-folder/model-file.ts'
import { stateTensors } from '../main/models/export/state-tensors.ts'
import { openCheckpoint } from '../native-models/checkpoints/checkpoint.ts'
import { writeSafetensors } from '../native-models/checkpoints/safetensors/safetensors.ts'

/**
 * Makes a model of a workspace one that ships: its weights in half precision, and what is to be known of them.
 * `npx tsx build/ship-model.ts --workspace W --model ID --as starter`
 */
const { values } = parseArgs({
  options: { workspace: { type: 'string' }, model: { type: 'string' }, as: { type: 'string' } },
})
const { workspace, model: id, as: name } = values
if (workspace === undefined || id === undefined || name === undefined) {
  throw new Error('Say --workspace DIR, --model ID and --as NAME.')
}
const target = join(import.meta.dirname, '..', 'native-models', 'starter', 'weights')
await mkdir(target, { recursive: true })
const model = await readModel(join(workspace, 'models', id), id)
const weights = await openCheckpoint(join(model.folder, weightsFile))
const file = join(target, `${name}.safetensors`)
// Index tables follow from the configuration, and second keys from the first.
const tensors = stateTensors(model, weights, 'fp16').filter(
  tensor => tensor.dtype === 'float16' && tensor.storage === tensor.name,
)
await writeSafetensors(file, tensors, { metadata: { format: 'pt' } })
await weights.close()
const bytes = await readFile(file)
const manifest = {
  kind: model.record.kind,
  config: model.record.config,
  labels: model.record.labels,
  training: model.record.training,
  sha256: createHash('sha256').update(bytes).digest('hex'),
}
await writeFile(join(target, `${name}.json`), `${JSON.stringify(manifest, null, 2)}\n`)
console.log(`${name}: ${tensors.length} weights, ${(bytes.length / 1e6).toFixed(2)} MB`)
