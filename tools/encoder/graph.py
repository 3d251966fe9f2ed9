"""The encoder as an ONNX graph, node by node: no tracing, so the file depends on the weights alone."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from onnx import ModelProto, NodeProto, TensorProto, helper, numpy_helper

from tools.encoder.bert import EPSILON, HEADS, HIDDEN, Encoder, Layer

OPSET = 17
_IR = 8
WEIGHT_LIMIT = 63
"""255 (an input) times 63, twice, is less than 2 to the 15th."""


class Graph:
    """Collects nodes and constants; every method returns the name of the tensor that it makes."""

    def __init__(self, *, int8: bool) -> None:
        self.int8 = int8
        self.quantised: dict[str, list[str]] = {}
        self.nodes: list[NodeProto] = []
        self.constants: list[TensorProto] = []

    def constant(self, name: str, value: NDArray[np.generic]) -> str:
        """Add a constant."""
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def node(self, kind: str, inputs: list[str], name: str, **attributes: object) -> str:
        """Add one operation with one output."""
        self.nodes.append(helper.make_node(kind, inputs, [name], name=name, **attributes))
        return name


def build(encoder: Encoder, *, int8: bool = True) -> ModelProto:
    """Return the model: ids int64 (n, length), mask float32 (n, length) to vectors float32 (n, HIDDEN)."""
    graph = Graph(int8=int8)
    _shapes(graph)
    x = _embeddings(graph, encoder)
    mask = graph.node("Sub", ["mask", "one"], "mask_minus_one")
    mask = graph.node("Mul", [mask, "huge"], "mask_bias")
    mask = graph.node("Unsqueeze", [mask, "axes12"], "mask_heads")
    for i, layer in enumerate(encoder.layers):
        x = _layer(graph, layer, f"layer{i}", x, mask)
    _pool(graph, x)
    return _model(graph)


def _shapes(graph: Graph) -> None:
    graph.constant("one", np.array(1.0, np.float32))
    graph.constant("huge", np.array(1e4, np.float32))
    graph.constant("scale", np.array((HIDDEN // HEADS) ** -0.5, np.float32))
    graph.constant("half", np.array(0.5, np.float32))
    graph.constant("root2", np.array(2.0**0.5, np.float32))
    graph.constant("tiny", np.array(1e-9, np.float32))
    graph.constant("axes12", np.array([1, 2]))
    graph.constant("axis1", np.array([1]))
    graph.constant("axis2", np.array([2]))
    graph.constant("first", np.array([0]))
    graph.constant("heads", np.array([0, 0, HEADS, HIDDEN // HEADS]))
    graph.constant("whole", np.array([0, 0, HIDDEN]))


def _embeddings(graph: Graph, encoder: Encoder) -> str:
    """Words as int8 with a scale for each row: a quarter of the size, at no cost that could be measured."""
    words = encoder.words.weight.detach().numpy()
    scale = np.maximum(np.abs(words).max(axis=1, keepdims=True) / 127, 1e-9).astype(np.float32)
    graph.constant("words", np.rint(words / scale).astype(np.int8))
    graph.constant("words.scale", scale)
    graph.constant("places", encoder.places.weight.detach().numpy()[:128])
    rows = graph.node("Gather", ["words", "ids"], "word_rows")
    rows = graph.node("Cast", [rows], "word_floats", to=TensorProto.FLOAT)
    scales = graph.node("Gather", ["words.scale", "ids"], "word_scales")
    rows = graph.node("Mul", [rows, scales], "word_vectors")
    length = graph.node("Shape", ["ids"], "length", start=1, end=2)
    places = graph.node("Slice", ["places", "first", length, "first"], "place_vectors")
    return _norm(graph, encoder.norm, "norm", graph.node("Add", [rows, places], "embedded"))


def _layer(graph: Graph, layer: Layer, name: str, x: str, mask: str) -> str:
    parts = [f"{name}.{part}" for part in ("q", "k", "v")]
    qkv = _linear(graph, layer.qkv, f"{name}.qkv", x)
    graph.nodes.append(helper.make_node("Split", [qkv], parts, name=f"{name}.split", axis=2))
    q, k, v = (graph.node("Reshape", [part, "heads"], f"{part}.heads") for part in parts)
    q = graph.node("Transpose", [q], f"{name}.q.t", perm=[0, 2, 1, 3])
    k = graph.node("Transpose", [k], f"{name}.k.t", perm=[0, 2, 3, 1])
    v = graph.node("Transpose", [v], f"{name}.v.t", perm=[0, 2, 1, 3])
    scores = graph.node("Mul", [graph.node("MatMul", [q, k], f"{name}.qk"), "scale"], f"{name}.scores")
    scores = graph.node("Add", [scores, mask], f"{name}.masked")
    share = graph.node("Softmax", [scores], f"{name}.share", axis=-1)
    seen = graph.node("MatMul", [share, v], f"{name}.seen")
    seen = graph.node("Transpose", [seen], f"{name}.seen.t", perm=[0, 2, 1, 3])
    seen = graph.node("Reshape", [seen, "whole"], f"{name}.seen.whole")
    out = _linear(graph, layer.out, f"{name}.out", seen)
    x = _norm(graph, layer.norm1, f"{name}.norm1", graph.node("Add", [out, x], f"{name}.add1"))
    inner = _gelu(graph, _linear(graph, layer.up, f"{name}.up", x), name)
    out = _linear(graph, layer.down, f"{name}.down", inner)
    return _norm(graph, layer.norm2, f"{name}.norm2", graph.node("Add", [out, x], f"{name}.add2"))


def _linear(graph: Graph, linear: object, name: str, x: str) -> str:
    weight = linear.weight.detach().numpy().T  # type: ignore[attr-defined]
    bias = graph.constant(f"{name}.bias", linear.bias.detach().numpy())  # type: ignore[attr-defined]
    if graph.int8:
        product = _int8_product(graph, weight, name, x)
    else:
        product = graph.node("MatMul", [x, graph.constant(f"{name}.weight", weight)], f"{name}.matmul")
    return graph.node("Add", [product, bias], name)


def _int8_product(graph: Graph, weight: NDArray[np.float32], name: str, x: str) -> str:
    """Multiply in int8, ``x`` quantised as it comes, ``weight`` (in, out) beforehand with a scale for each column.

    Signed weights of seven bits: the kernel for them is the fastest on processors without VNNI, and adds pairs of
    products in 16 bits, which eight bits would overflow. The order of the nodes is the one that onnxruntime fuses into
    a single operation.
    """
    scale = np.maximum(np.abs(weight).max(axis=0) / WEIGHT_LIMIT, 1e-9).astype(np.float32)
    integers = np.rint(weight / scale).astype(np.int8)
    inputs = [
        graph.constant(f"{name}.weight", integers),
        graph.constant(f"{name}.weight.zero", np.zeros(len(scale), np.int8)),
        graph.constant(f"{name}.weight.scale", scale),
    ]
    parts = [f"{name}.x.int8", f"{name}.x.scale", f"{name}.x.zero"]
    if x not in graph.quantised:
        graph.nodes.append(helper.make_node("DynamicQuantizeLinear", [x], parts, name=f"{name}.quantise"))
        graph.quantised[x] = parts
    integer, x_scale, x_zero = graph.quantised[x]
    product = graph.node("MatMulInteger", [integer, inputs[0], x_zero, inputs[1]], f"{name}.int32")
    both = graph.node("Mul", [x_scale, inputs[2]], f"{name}.scales")
    return graph.node(
        "Mul", [graph.node("Cast", [product], f"{name}.cast", to=TensorProto.FLOAT), both], f"{name}.product"
    )


def _norm(graph: Graph, norm: object, name: str, x: str) -> str:
    weight = graph.constant(f"{name}.weight", norm.weight.detach().numpy())  # type: ignore[attr-defined]
    bias = graph.constant(f"{name}.bias", norm.bias.detach().numpy())  # type: ignore[attr-defined]
    return graph.node("LayerNormalization", [x, weight, bias], name, epsilon=EPSILON, axis=-1)


def _gelu(graph: Graph, x: str, name: str) -> str:
    # Written as onnxruntime's optimiser expects it, which makes one fast operation of the five.
    erf = graph.node("Erf", [graph.node("Div", [x, "root2"], f"{name}.gelu.div")], f"{name}.gelu.erf")
    one = graph.node("Add", [erf, "one"], f"{name}.gelu.add")
    return graph.node("Mul", [graph.node("Mul", [x, one], f"{name}.gelu.mul"), "half"], f"{name}.gelu")


def _pool(graph: Graph, x: str) -> str:
    weights = graph.node("Unsqueeze", ["mask", "axis2"], "mask_pieces")
    total = graph.node("ReduceSum", [graph.node("Mul", [x, weights], "kept"), "axis1"], "total", keepdims=0)
    length = graph.node("ReduceL2", [total], "norm_of_total", axes=[1], keepdims=1)
    return graph.node("Div", [total, graph.node("Max", [length, "tiny"], "divisor")], "vectors")


def _model(graph: Graph) -> ModelProto:
    ids = helper.make_tensor_value_info("ids", TensorProto.INT64, ["n", "length"])
    mask = helper.make_tensor_value_info("mask", TensorProto.FLOAT, ["n", "length"])
    vectors = helper.make_tensor_value_info("vectors", TensorProto.FLOAT, ["n", HIDDEN])
    body = helper.make_graph(graph.nodes, "leafline-encoder", [ids, mask], [vectors], graph.constants)
    return helper.make_model(body, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=_IR)
