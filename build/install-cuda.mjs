// `npm run install-cuda`: fetches ONNX Runtime's libraries for NVIDIA GPUs, which are too large for its package.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

function fail(message) {
  console.error(message)
  process.exit(1)
}

if (process.platform !== 'linux' || process.arch !== 'x64') {
  fail(
    `ONNX Runtime has CUDA libraries for Linux on x64 only, not for ${process.platform} on ${process.arch}; DirectML (Windows) and Core ML (macOS) are inside its package.`,
  )
}
let folder
try {
  folder = dirname(createRequire(import.meta.url).resolve('onnxruntime-node/package.json'))
} catch {
  fail('onnxruntime-node is not installed; run npm install first.')
}
// Installing leaves the script out (.npmrc). The value `cuda12` of the variable counts as none at all, and under npm
// the script then does nothing.
const { status } = spawnSync(process.execPath, [join(folder, 'script', 'install.js')], {
  stdio: 'inherit',
  env: { ...process.env, ONNXRUNTIME_NODE_INSTALL: 'true' },
})
const library = join(folder, 'bin', 'napi-v6', 'linux', 'x64', 'libonnxruntime_providers_cuda.so')
if (status !== 0 || !existsSync(library)) {
  fail('The CUDA libraries could not be fetched, see above; the CPU and WebGPU work without them.')
}
console.log(
  'The CUDA libraries are installed. They need an NVIDIA driver, CUDA 12 and cuDNN 9; `npm run -s lfvila -- devices` says whether they load.',
)
