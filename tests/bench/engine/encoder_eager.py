"""The video encoder in plain eager PyTorch, as a yardstick for speed and as an independent check of values.

Usage: encoder_eager.py MODEL_CONFIG.json WEIGHTS.safetensors VIDEO.u8 RUNS
VIDEO.u8 holds uint8 frames [1, T, H, W, 3]. Prints one JSON document: seconds of each run, threads, videoGlobal, clips.
"""
import json
import os
import struct
import sys
import time

import numpy as np
import torch
import torch.nn.functional as F


def read_safetensors(path):
    with open(path, "rb") as file:
        length = struct.unpack("<Q", file.read(8))[0]
        header = json.loads(file.read(length))
        data = np.memmap(path, dtype=np.uint8, mode="r", offset=8 + length)
        tensors = {}
        for name, entry in header.items():
            if name == "__metadata__":
                continue
            start, end = entry["data_offsets"]
            tensors[name] = torch.from_numpy(np.frombuffer(data[start:end].tobytes(), dtype=np.float32).reshape(entry["shape"]).copy())
        return tensors


def to_windows(x, window):
    b, d, h, w, c = x.shape
    x = x.view(b, d // window[0], window[0], h // window[1], window[1], w // window[2], window[2], c)
    return x.permute(0, 1, 3, 5, 2, 4, 6, 7).reshape(-1, window[0] * window[1] * window[2], c)


def from_windows(x, window, b, d, h, w):
    x = x.view(b, d // window[0], h // window[1], w // window[2], *window, -1)
    return x.permute(0, 1, 4, 2, 5, 3, 6, 7).reshape(b, d, h, w, -1)


def relative_index(window):
    grid = torch.stack(torch.meshgrid(*[torch.arange(n) for n in window], indexing="ij")).flatten(1)
    offset = (grid[:, :, None] - grid[:, None, :]).permute(1, 2, 0) + torch.tensor([n - 1 for n in window])
    scale = torch.tensor([(2 * window[1] - 1) * (2 * window[2] - 1), 2 * window[2] - 1, 1])
    return (offset * scale).sum(-1)


class Encoder:
    def __init__(self, config, weights):
        self.config = config["VideoEncoder"]
        self.clips = config["DATA"]["sample_clip"]
        self.weights = weights
        self.masks = {}
        self.indices = [relative_index(window) for window in self.config["window_size"]]

    def linear(self, x, name):
        return F.linear(x, self.weights[name + ".weight"], self.weights.get(name + ".bias"))

    def norm(self, x, name):
        return F.layer_norm(x, (x.shape[-1],), self.weights[name + ".weight"], self.weights[name + ".bias"], 1e-5)

    def mask(self, size, window, shift):
        key = (size, window, shift)
        if key not in self.masks:
            regions = torch.zeros(1, *size, 1)
            count = 0
            slices = [(slice(0, -w), slice(-w, -s), slice(-s, None)) if s else (slice(None),) for w, s in zip(window, shift)]
            for d in slices[0]:
                for h in slices[1]:
                    for w in slices[2]:
                        regions[:, d, h, w] = count
                        count += 1
            regions = to_windows(regions, window).squeeze(-1)
            different = regions[:, :, None] != regions[:, None, :]
            self.masks[key] = torch.zeros(different.shape).masked_fill(different, -100.0)
        return self.masks[key]

    def attention(self, x, name, layer, mask):
        groups, n, c = x.shape
        heads = self.config["num_heads"][layer]
        qkv = self.linear(x, name + ".qkv").view(groups, n, 3, heads, c // heads).permute(2, 0, 3, 1, 4)
        q, k, v = qkv[0] * (c // heads) ** -0.5, qkv[1], qkv[2]
        logits = q @ k.transpose(-2, -1)
        index = self.indices[layer][:n, :n].reshape(-1)
        bias = self.weights[name + ".relative_position_bias_table"][index].view(n, n, heads).permute(2, 0, 1)
        logits = logits + bias
        if mask is not None:
            logits = (logits.view(-1, mask.shape[0], heads, n, n) + mask[None, :, None]).view(groups, heads, n, n)
        return self.linear((logits.softmax(-1) @ v).transpose(1, 2).reshape(groups, n, c), name + ".proj")

    def block(self, x, layer, block):
        name = f"video_encoder.layers.{layer}.blocks.{block}"
        b, d, h, w, _ = x.shape
        configured = self.config["window_size"][layer]
        shift = [0, configured[1] // 2, configured[2] // 2] if block % 2 else [0, 0, 0]
        window = list(configured)
        for axis, size in enumerate((d, h, w)):
            if size <= window[axis]:
                window[axis], shift[axis] = size, 0
        y = self.norm(x, name + ".norm1")
        pads = [-size % n for size, n in zip((d, h, w), window)]
        y = F.pad(y, (0, 0, 0, pads[2], 0, pads[1], 0, pads[0]))
        size = y.shape[1:4]
        shifted = any(shift)
        mask = self.mask(tuple(size), tuple(window), tuple(shift)) if shifted else None
        if shifted:
            y = torch.roll(y, [-s for s in shift], (1, 2, 3))
        y = from_windows(self.attention(to_windows(y, window), name + ".attn", layer, mask), window, b, *size)
        if shifted:
            y = torch.roll(y, shift, (1, 2, 3))
        x = x + y[:, :d, :h, :w]
        y = self.linear(self.norm(x, name + ".norm2"), name + ".mlp.fc1")
        return x + self.linear(F.gelu(y), name + ".mlp.fc2")

    def merge(self, x, name):
        x = F.pad(x, (0, 0, 0, x.shape[3] % 2, 0, x.shape[2] % 2))
        x = torch.cat([x[:, :, 0::2, 0::2], x[:, :, 1::2, 0::2], x[:, :, 0::2, 1::2], x[:, :, 1::2, 1::2]], -1)
        return self.linear(self.norm(x, name + ".norm"), name + ".reduction")

    def final_map(self, frames):
        mean, deviation = torch.tensor([0.485, 0.456, 0.406]), torch.tensor([0.229, 0.224, 0.225])
        x = ((frames.float() / 255 - mean) / deviation).permute(0, 4, 1, 2, 3)
        patch = "video_encoder.patch_embed."
        x = F.conv3d(x, self.weights[patch + "proj.weight"], self.weights[patch + "proj.bias"], stride=tuple(self.config["patch_size"]))
        x = self.norm(x.permute(0, 2, 3, 4, 1), patch + "norm")
        for layer, depth in enumerate(self.config["depths"]):
            for block in range(depth):
                x = self.block(x, layer, block)
            if layer in self.config["downsample_stages"]:
                x = self.merge(x, f"video_encoder.layers.{layer}.downsample")
        return self.norm(x, "video_encoder.norm")

    def __call__(self, frames):
        x = self.final_map(frames)
        b, frames_count, h, w, c = x.shape
        pooled = F.max_pool2d(x.reshape(-1, h, w, c).permute(0, 3, 1, 2), (2, 3), 1)
        clips = pooled.flatten(2).transpose(1, 2).reshape(b, self.clips, -1, c).mean(2)
        return F.normalize(self.linear(clips.mean(1), "video_global_proj"), dim=-1), clips


def main():
    config_path, weights_path, video_path, runs = sys.argv[1:5]
    with open(config_path) as file:
        config = json.load(file)
    height, width = config["DATA"]["input_res"]
    video = torch.from_numpy(np.fromfile(video_path, dtype=np.uint8).reshape(1, config["DATA"]["sample_frame"], height, width, 3))
    encoder = Encoder(config, read_safetensors(weights_path))
    torch.set_num_threads(len(os.sched_getaffinity(0)))
    torch.set_flush_denormal(True)
    seconds = []
    with torch.no_grad():
        for _ in range(int(runs)):
            start = time.perf_counter()
            embedding, clips = encoder(video)
            seconds.append(time.perf_counter() - start)
    print(json.dumps({"seconds": seconds, "threads": torch.get_num_threads(), "torch": torch.__version__, "videoGlobal": embedding[0].tolist(), "clips": clips[0].flatten().tolist()}))


if __name__ == "__main__":
    main()
