export { Downloads } from './downloads.ts'
