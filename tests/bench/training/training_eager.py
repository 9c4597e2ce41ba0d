"""One training step of the retrieval model in plain eager PyTorch: forward, autograd, AdamW.

Usage: training_eager.py CONFIG.json WEIGHTS.safetensors INPUTS.json VIDEO.u8 STEPS
CONFIG.json holds {"model": …, "bert": …}; INPUTS.json {"shape": [B, T, H, W, 3], "textIds": [B][M][L], "attentionMask": …}.
Prints one JSON document: seconds and loss of each step, threads, and the most memory ever resident, in bytes.
"""
import json
import os
import resource
import sys
import time

import numpy as np
import torch
import torch.nn.functional as F

from encoder_eager import Encoder, read_safetensors


class Retrieval:
    def __init__(self, config, weights):
        self.model, self.bert, self.weights = config["model"], config["bert"], weights
        self.video = Encoder(self.model, weights)

    def linear(self, x, name):
        return F.linear(x, self.weights[name + ".weight"], self.weights[name + ".bias"])

    def norm(self, x, name):
        return F.layer_norm(x, (x.shape[-1],), self.weights[name + ".weight"], self.weights[name + ".bias"], 1e-12)

    def layer(self, x, mask, index):
        name = f"text_encoder.bert.encoder.layer.{index}"
        b, n, c = x.shape
        heads = self.bert["num_attention_heads"]
        q, k, v = (self.linear(x, f"{name}.attention.self.{part}").view(b, n, heads, c // heads).transpose(1, 2) for part in ("query", "key", "value"))
        scores = q @ k.transpose(-1, -2) / (c // heads) ** 0.5 + mask
        mixed = (scores.softmax(-1) @ v).transpose(1, 2).reshape(b, n, c)
        x = self.norm(self.linear(mixed, f"{name}.attention.output.dense") + x, f"{name}.attention.output.LayerNorm")
        inner = F.gelu(self.linear(x, f"{name}.intermediate.dense"))
        return self.norm(self.linear(inner, f"{name}.output.dense") + x, f"{name}.output.LayerNorm")

    def text(self, ids, mask):
        b, m, length = ids.shape
        w, name = self.weights, "text_encoder.bert.embeddings"
        x = F.embedding(ids.view(b * m, length), w[f"{name}.word_embeddings.weight"], padding_idx=0)
        x = x + w[f"{name}.token_type_embeddings.weight"][0] + w[f"{name}.position_embeddings.weight"][:length]
        x = self.norm(x, f"{name}.LayerNorm")
        additive = (1 - mask.view(b * m, 1, 1, length)) * -10000.0
        for index in range(self.model["num_local_layers"]):
            x = self.layer(x, additive, index)
        segments = w["sent_embedding.segment_embeddings.weight"][torch.arange(m).repeat_interleave(length)]
        x = self.norm(x.reshape(b, m * length, -1) + w["sent_embedding.position_embeddings.weight"][: m * length] + segments, "sent_embedding.norm")
        x = torch.cat([x.view(b, m, length, -1)[:, :, 0].mean(1, keepdim=True), x], 1)
        additive = (1 - torch.cat([torch.ones(b, 1), mask.view(b, -1)], 1)[:, None, None]) * -10000.0
        for index in range(self.model["num_local_layers"], self.model["stage1_layers"]):
            x = self.layer(x, additive, index)
        return F.normalize(self.linear(x[:, 0], "text_global_proj"), dim=-1)

    def loss(self, video, ids, mask):
        logits = self.video(video)[0] @ self.text(ids, mask).t() / 0.05
        labels = torch.arange(len(logits))
        return F.cross_entropy(logits, labels) + F.cross_entropy(logits.t(), labels)


def main():
    config_path, weights_path, inputs_path, video_path, steps = sys.argv[1:6]
    with open(config_path) as file:
        config = json.load(file)
    with open(inputs_path) as file:
        inputs = json.load(file)
    video = torch.from_numpy(np.fromfile(video_path, dtype=np.uint8).reshape(inputs["shape"]))
    ids, mask = torch.tensor(inputs["textIds"]), torch.tensor(inputs["attentionMask"]).float()
    weights = {name: tensor.requires_grad_() for name, tensor in read_safetensors(weights_path).items()}
    torch.set_num_threads(len(os.sched_getaffinity(0)))
    torch.set_flush_denormal(True)
    model = Retrieval(config, weights)
    optimiser = torch.optim.AdamW(weights.values(), lr=5e-5, betas=(0.9, 0.98), eps=1e-8, weight_decay=0.05)
    seconds, losses = [], []
    for _ in range(int(steps)):
        start = time.perf_counter()
        optimiser.zero_grad()
        loss = model.loss(video, ids, mask)
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
        seconds.append(time.perf_counter() - start)
    print(json.dumps({"seconds": seconds, "losses": losses, "threads": torch.get_num_threads(), "torch": torch.__version__, "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024}))


main()
