/**
 * How the video encoder is written. 'fused' takes ONNX Runtime's ops for attention and biased GELU, which its CPU
 * provider computes fastest; 'explicit' is made of standard ops alone, which every provider has, whose
 * softmax can be looked at and which can be differentiated.
 */
export type Form = 'fused' | 'explicit'
