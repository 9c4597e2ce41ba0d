"""LF-VILA's model classes in eager PyTorch: numbers for sizes and settings of which the published code's are not at hand.

Usage: model_eager.py VARIANTS.json WEIGHTS_FOLDER > WITH_VALUES.json
VARIANTS.json is a list of fixtures (see tests/fixtures/model-variants.json); WEIGHTS_FOLDER holds INDEX.safetensors and,
for case C of it, INDEX.C.u8 with the frames [B, T, H, W, 3]. Every output gets its values. Written from the description of the published
classes with PyTorch's own layers and losses, apart from the program it checks; only the video encoder is shared with the bench.
"""
import json
import os
import sys

import numpy as np
import torch
import torch.nn.functional as F

sys.path.append(os.path.join(os.path.dirname(__file__), "..", "bench"))
from encoder_eager import Encoder, read_safetensors  # noqa: E402


class Model:
    def __init__(self, fixture, weights, case):
        self.config, self.bert = fixture["modelConfig"], fixture["bertConfig"]
        self.weights = weights
        self.mask_value = torch.finfo(torch.float32).min if case.get("maskValue") == "lowest" else case.get("maskValue", -10000)
        self.encoder = Encoder(self.config, weights)
        self.patches = case.get("patchesPerFrame", self.config.get("final_num_patches", 6))
        self.outputs = {}

    def linear(self, x, name):
        return F.linear(x, self.weights[name + ".weight"], self.weights[name + ".bias"])

    def norm(self, x, name, epsilon=1e-12):
        return F.layer_norm(x, x.shape[-1:], self.weights[name + ".weight"], self.weights[name + ".bias"], epsilon)

    def layers(self, x, mask, first, end):
        heads = self.bert["num_attention_heads"]
        additive = ((1.0 - mask) * self.mask_value)[:, None, None, :]
        for index in range(first, end):
            name = f"text_encoder.bert.encoder.layer.{index}."
            q, k, v = (self.linear(x, name + "attention.self." + part).unflatten(-1, (heads, -1)).transpose(1, 2) for part in ("query", "key", "value"))
            scores = q @ k.transpose(-1, -2) / q.shape[-1] ** 0.5 + additive
            mixed = (scores.softmax(-1) @ v).transpose(1, 2).flatten(2)
            x = self.norm(self.linear(mixed, name + "attention.output.dense") + x, name + "attention.output.LayerNorm")
            inner = F.gelu(self.linear(x, name + "intermediate.dense"))
            x = self.norm(self.linear(inner, name + "output.dense") + x, name + "output.LayerNorm")
        return x

    def text(self, ids, mask):
        """ids, mask [n, M, L] -> stage 1 with its mask; remembers sentence tokens."""
        n, sentences, length = ids.shape
        embeddings = "text_encoder.bert.embeddings."
        x = self.weights[embeddings + "word_embeddings.weight"][ids.flatten(0, 1)] + self.weights[embeddings + "token_type_embeddings.weight"][0]
        x = self.norm(x + self.weights[embeddings + "position_embeddings.weight"][:length], embeddings + "LayerNorm")
        local, pair = self.config["num_local_layers"], self.config["stage1_layers"]
        x = self.layers(x, mask.flatten(0, 1).float(), 0, local).view(n, sentences, length, -1)
        self.sentence_tokens = x[:, :, 0]
        x = x.flatten(1, 2) + self.weights["sent_embedding.position_embeddings.weight"][:sentences * length]
        x = self.norm(x + self.weights["sent_embedding.segment_embeddings.weight"].repeat_interleave(length, 0)[:sentences * length], "sent_embedding.norm")
        overall = x.view(n, sentences, length, -1)[:, :, 0].mean(1, keepdim=True)
        mask = torch.cat([torch.ones(n, 1), mask.flatten(1).float()], 1)
        return self.layers(torch.cat([overall, x], 1), mask, local, pair), mask

    def video(self, frames):
        x = self.encoder.final_map(frames)
        b, t, h, w, c = x.shape
        tokens = F.max_pool2d(x.reshape(-1, h, w, c).permute(0, 3, 1, 2), (2, 3), 1).flatten(2).transpose(1, 2).view(b, t, -1, c)
        clips = tokens.view(b, self.config["DATA"]["sample_clip"], -1, c).mean(2)
        return tokens, clips

    def video_tokens(self, tokens):
        x = tokens + self.weights["video_token_pos.s_pos_embed"] + self.weights["video_token_pos.t_pos_embed"]
        return self.norm(x, "video_token_pos.norm", 1e-5).flatten(1, 2)

    def fused(self, stage1, mask, video):
        x = torch.cat([stage1, video], 1)
        mask = torch.cat([mask, torch.ones(video.shape[:2])], 1)
        return self.layers(x, mask, self.config["stage1_layers"], self.bert["num_hidden_layers"])

    def pooled(self, sequence):
        return self.linear(sequence[:, 0], "text_encoder.bert.pooler.dense").tanh()

    def project(self, x, name):
        return F.normalize(self.linear(x, name), dim=-1)


def pretrain_stage1(model, frames, inputs):
    tokens, clips = model.video(frames)
    stage1, _ = model.text(inputs["textIds"], inputs["attentionMask"])
    training = model.config["TRAINING"]
    video, text = model.project(clips.mean(1), "video_global_proj"), model.project(stage1[:, 0], "text_global_proj")
    logits, target = video @ text.t() / training["temp"], torch.arange(len(video))
    model.outputs.update(videoGlobal=video, textGlobal=text, videoLocal=model.project(clips, "video_local_proj"), textLocal=model.project(model.sentence_tokens, "text_local_proj"))
    model.outputs["loss.global"] = F.cross_entropy(logits, target) + F.cross_entropy(logits.t(), target)


def pretrain_stage2(model, frames, inputs):
    tokens, _ = model.video(frames)
    stage1, mask = model.text(inputs["textIds"], inputs["attentionMask"])
    video = model.video_tokens(tokens)
    b, half = len(frames), len(frames) // 2
    video = torch.cat([video[:half].roll(1, 0), video[half:]])
    sequence = model.fused(stage1, mask, video)
    head = "text_encoder.cls.predictions."
    words = model.norm(F.gelu(model.linear(sequence, head + "transform.dense")), head + "transform.LayerNorm")
    logits = F.linear(words, model.weights[head + "decoder.weight"], model.weights[head + "bias"])
    matching = model.linear(model.pooled(sequence), "text_encoder.seq_relationship")
    labels = torch.cat([torch.full((b, 1), -100), inputs["mlmLabels"], torch.full(video.shape[:2], -100)], 1)
    matches = torch.tensor([0] * half + [1] * (b - half))
    training = model.config["TRAINING"]
    masked = labels != -100
    model.outputs.update({
        "mlm.logits": logits, "vtm.logits": matching,
        "loss.mlm": training["mlm_loss_weight"] * F.cross_entropy(logits[half:].flatten(0, 1), labels[half:].flatten()),
        "loss.vtmWeighted": training["vtm_loss_weight"] * F.cross_entropy(matching, matches),
        "accuracy.mlm": (logits.argmax(-1) == labels)[masked].float().mean(),
        "accuracy.vtm": (matching.argmax(-1) == matches).float().mean(),
    })


def qa_classification(model, frames, inputs):
    tokens, _ = model.video(frames)
    stage1, mask = model.text(inputs["textIds"], inputs["attentionMask"])
    video = model.video_tokens(tokens)
    logits = model.linear(model.pooled(model.fused(stage1, mask, video)), "text_encoder.classifier")
    model.outputs.update(logits=logits, loss=F.cross_entropy(logits, inputs["labels"], label_smoothing=model.config.get("label_smoothing", 0.0)))


def qa_multichoice(model, frames, inputs):
    tokens, _ = model.video(frames)
    t = tokens.shape[1]
    ids, mask = inputs["textIds"], inputs["attentionMask"]
    choices = ids.shape[1]
    if model.config.get("use_simple_merge_qas"):
        ids, mask = ids.flatten(2).unsqueeze(2), mask.flatten(2).unsqueeze(2)
    stage1, mask = model.text(ids.flatten(0, 1), mask.flatten(0, 1))
    video = model.video_tokens(tokens)
    sequence = model.fused(stage1, mask, video.repeat_interleave(choices, 0))
    logits = model.linear(model.pooled(sequence), "text_encoder.classifier").view(-1, choices)

    def span(patches):
        scores = model.linear(sequence[:, -t * patches:].unflatten(1, (t, patches)).mean(2), "text_encoder.span_classifier")
        return scores.unflatten(0, (-1, choices)).max(1).values

    model.outputs.update({"logits": logits, "loss": F.cross_entropy(logits, inputs["labels"]), "span.logitsGeneralised": span(model.patches)})
    if sequence.shape[1] >= 6 * t:
        rows = F.cross_entropy(span(6).flatten(0, 1), inputs["spanLabels"].flatten(), reduction="none")
        model.outputs.update({"span.logits": span(6), "loss.span": (rows * inputs["spanLabelWeights"].flatten()).mean()})


def video_classification(model, frames, inputs):
    tokens, _ = model.video(frames)
    video = model.project(tokens.flatten(1, 2).mean(1), "video_global_proj")
    logits = model.linear(video, "classifier")
    model.outputs.update(logits=logits, loss=F.cross_entropy(logits, inputs["labels"]), videoFrames=model.project(tokens.mean(2), "video_frame_proj"))


classes = {"pretrain-stage1": pretrain_stage1, "pretrain-stage2": pretrain_stage2, "qa-classification": qa_classification,
           "qa-multichoice": qa_multichoice, "video-classification": video_classification}


def main():
    variants_path, folder = sys.argv[1:3]
    with open(variants_path) as file:
        fixtures = json.load(file)
    with torch.no_grad():
        for index, fixture in enumerate(fixtures):
            weights = read_safetensors(os.path.join(folder, f"{index}.safetensors"))
            for number, case in enumerate(fixture["cases"]):
                model = Model(fixture, weights, case)
                frames = torch.from_numpy(np.fromfile(os.path.join(folder, f"{index}.{number}.u8"), dtype=np.uint8).reshape(case["inputs"]["video"]["shape"]))
                classes[case["model"]](model, frames, {name: torch.tensor(value["values"]) for name, value in case["inputs"].items() if "values" in value})
                for output in case["outputs"]:
                    value = model.outputs[output["name"]]
                    if "positions" in output:
                        value = value[:, output["positions"]]
                    output["shape"], output["values"] = list(value.shape), [round(number, 7) for number in value.flatten().tolist()]
    print(json.dumps(fixtures))


if __name__ == "__main__":
    main()
