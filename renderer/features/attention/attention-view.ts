import { addressed, oneInAddress } from '../../composables/addressed.ts'

/** What is looked at, in the address: frames of a video, or the words of a text and its frames. */
export const useAttentionView = () => addressed('view', oneInAddress(['frames', 'words'] as const), 'frames')
