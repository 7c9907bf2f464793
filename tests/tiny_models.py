"""Speech models of a few kilobytes for sherpa-onnx, made on the spot: they run the library's real code.

Each is a CTC model that writes one 声 for every stretch of sound and nothing for silence: the mean of a frame's
features against a threshold decides between 声 and blank.
"""

from __future__ import annotations

from pathlib import Path

import pytest

#: Between the log energies of the library's dither (up to 5) and of the tests' sounds (above 15).
_THRESHOLD = 10.0
_SUBSAMPLING = 4
TOKENS = "<blank> 0\n声 1\n<eos> 2\n"


def offline_ctc(folder: Path) -> dict[str, Path]:
    """A model of the kind wenet_ctc. Returns its files by role."""
    onnx = pytest.importorskip("onnx", reason="onnx is not installed (extra test)")
    from onnx import TensorProto, helper

    nodes = [*_logits("x"), helper.make_node("Div", ["x_lens", "four"], ["y_lens"])]
    graph = helper.make_graph(
        nodes, "offline",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["n", "t", 80]),
         helper.make_tensor_value_info("x_lens", TensorProto.INT64, ["n"])],
        [helper.make_tensor_value_info("log_probs", TensorProto.FLOAT, ["n", "u", 3]),
         helper.make_tensor_value_info("y_lens", TensorProto.INT64, ["n"])],
        [*_constants(), helper.make_tensor("four", TensorProto.INT64, [], [_SUBSAMPLING])])
    return _save(onnx, graph, folder, {"vocab_size": 3, "subsampling_factor": _SUBSAMPLING})


def streaming_ctc(folder: Path) -> dict[str, Path]:
    """A model of the kind streaming_wenet_ctc; its caches are handed through unchanged. Returns its files by role."""
    onnx = pytest.importorskip("onnx", reason="onnx is not installed (extra test)")
    from onnx import TensorProto, helper

    floats, ints = TensorProto.FLOAT, TensorProto.INT64
    attention, memory = [1, 1, "c", 2], [1, 1, 1, 1]
    graph = helper.make_graph(
        [*_logits("x"), helper.make_node("Identity", ["attn_cache"], ["next_attn_cache"]),
         helper.make_node("Identity", ["conv_cache"], ["next_conv_cache"])], "streaming",
        [helper.make_tensor_value_info("x", floats, [1, "t", 80]),
         helper.make_tensor_value_info("offset", ints, [1]),
         helper.make_tensor_value_info("required_cache_size", ints, [1]),
         helper.make_tensor_value_info("attn_cache", floats, attention),
         helper.make_tensor_value_info("conv_cache", floats, memory),
         helper.make_tensor_value_info("attn_mask", TensorProto.BOOL, [1, 1, "m"])],
        [helper.make_tensor_value_info("log_probs", floats, [1, "u", 3]),
         helper.make_tensor_value_info("next_attn_cache", floats, attention),
         helper.make_tensor_value_info("next_conv_cache", floats, memory)],
        _constants())
    about = {"head": 1, "num_blocks": 1, "output_size": 1, "cnn_module_kernel": 2, "right_context": 6, "vocab_size": 3,
             "subsampling_factor": _SUBSAMPLING, "chunk_size": 16, "left_chunks": 4}
    return _save(onnx, graph, folder, about)


def _logits(features: str) -> list[object]:
    """Every fourth frame's mean, times -1, +1 and 0 for the three tokens."""
    from onnx import helper

    return [
        helper.make_node("Slice", [features, "from", "to", "axis", "step"], ["every_fourth"]),
        helper.make_node("ReduceMean", ["every_fourth"], ["mean"], axes=[2], keepdims=1),
        helper.make_node("Sub", ["mean", "threshold"], ["above"]),
        helper.make_node("Mul", ["above", "signs"], ["scores"]),
        helper.make_node("LogSoftmax", ["scores"], ["log_probs"], axis=2),
    ]


def _constants() -> list[object]:
    from onnx import TensorProto, helper

    long = TensorProto.INT64
    return [helper.make_tensor("from", long, [1], [0]), helper.make_tensor("to", long, [1], [2**31]),
            helper.make_tensor("axis", long, [1], [1]), helper.make_tensor("step", long, [1], [_SUBSAMPLING]),
            helper.make_tensor("threshold", TensorProto.FLOAT, [], [_THRESHOLD]),
            helper.make_tensor("signs", TensorProto.FLOAT, [3], [-1.0, 1.0, 0.0])]


def _save(onnx: object, graph: object, folder: Path, about: dict[str, int]) -> dict[str, Path]:
    from onnx import checker, helper, save

    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)  # type: ignore[arg-type]
    for key, value in about.items():
        entry = model.metadata_props.add()
        entry.key, entry.value = key, str(value)
    checker.check_model(model)
    folder.mkdir(parents=True, exist_ok=True)
    save(model, folder / "model.onnx")
    (folder / "tokens.txt").write_text(TOKENS, encoding="utf-8")
    return {"model": folder / "model.onnx", "tokens": folder / "tokens.txt"}
