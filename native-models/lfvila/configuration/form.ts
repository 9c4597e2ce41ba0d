/**
 * How the video encoder is written. 'fused' takes ONNX Runtime's ops for attention and biased GELU, fastest on the CPU
 * and for the CPU only: the WebGPU provider of ONNX Runtime 1.30 computes its Attention wrongly for windows of 120
 * tokens. 'explicit' is made of standard ops, right on every provider; its softmax can be looked at and differentiated.
 */
export type Form = 'fused' | 'explicit'
