namespace HTensor.Onnx;

/// <summary>A graph as a file has it.</summary>
internal sealed class OnnxGraph
{
    public List<OnnxNode> Nodes { get; } = [];

    public Dictionary<string, OnnxTensor> Initializers { get; } = [];

    /// <summary>Names and ranks; a negative rank is not said.</summary>
    public List<(string Name, int Rank)> Inputs { get; } = [];

    public List<string> Outputs { get; } = [];
}

/// <summary>A node: its operator, its inputs and outputs (empty where one is left out), its attributes by name.</summary>
internal sealed class OnnxNode
{
    public string Name { get; set; } = "";

    public string Operator { get; set; } = "";

    public string Domain { get; set; } = "";

    public List<string> Inputs { get; } = [];

    public List<string> Outputs { get; } = [];

    public Dictionary<string, OnnxAttribute> Attributes { get; } = [];

    public override string ToString() => Name.Length > 0 ? $"node '{Name}' ({Operator})" : Outputs.Count > 0 ? $"node of '{Outputs[0]}' ({Operator})" : $"a node ({Operator})";
}

/// <summary>An attribute; of its values the one that its operator asks for.</summary>
internal sealed class OnnxAttribute
{
    public long Integer { get; set; }

    public float Single { get; set; }

    public string Text { get; set; } = "";

    public OnnxTensor? Tensor { get; set; }

    public OnnxGraph? Graph { get; set; }

    public List<long> Integers { get; } = [];

    public List<float> Singles { get; } = [];

    public List<string> Texts { get; } = [];
}

/// <summary>A stored tensor: its elements lie in the file's bytes, or in another file.</summary>
internal sealed class OnnxTensor
{
    public string Name { get; set; } = "";

    public ElementType Type { get; set; }

    public List<long> Dimensions { get; } = [];

    /// <summary>Little-endian elements.</summary>
    public ReadOnlyMemory<byte> Bytes { get; set; }

    /// <summary>Integers that are not in <see cref="Bytes"/>.</summary>
    public List<long> Integers { get; } = [];

    /// <summary>Where the bytes are if in another file: location, offset, length.</summary>
    public Dictionary<string, string> External { get; } = [];

    public bool IsExternal { get; set; }
}

/// <summary>A whole file.</summary>
internal sealed record OnnxFile(OnnxGraph Graph, IReadOnlyDictionary<string, string> Metadata, long Opset, bool HasFunctions);
