import { existsSync } from 'node:fs'

/** Where Chromium packages put the driver description of SwiftShader, a Vulkan device in software. */
const usualPlaces = [
  '/usr/lib/chromium/vk_swiftshader_icd.json',
  '/usr/lib/chromium-browser/vk_swiftshader_icd.json',
  '/usr/lib64/chromium-browser/vk_swiftshader_icd.json',
  '/opt/google/chrome/vk_swiftshader_icd.json',
  '/snap/chromium/current/usr/lib/chromium-browser/vk_swiftshader_icd.json',
]

const driver = usualPlaces.find(path => existsSync(path))

/** The environment under which WebGPU finds a device without a GPU, or null where no SwiftShader is installed. */
export const swiftShader: Record<string, string> | null = driver ? { VK_ICD_FILENAMES: driver } : null

if (!driver) console.warn(`No SwiftShader found (looked for ${usualPlaces.join(', ')}): the WebGPU tests are skipped.`)
