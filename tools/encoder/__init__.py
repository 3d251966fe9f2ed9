"""Makes the sentence encoder: MiniLM fine-tuned on labelled texts, as an int8 ONNX file. Has its own environment."""
