namespace HTensor.Onnx;

/// <summary>Numbers of the fields and types that are read and written, as the specification of ONNX has them (https://github.com/onnx/onnx, onnx.proto).</summary>
internal static class Fields
{
    public const int ModelIrVersion = 1, ModelProducer = 2, ModelGraph = 7, ModelOpset = 8, ModelMetadata = 14, ModelFunctions = 25;
    public const int OpsetDomain = 1, OpsetVersion = 2;
    public const int EntryKey = 1, EntryValue = 2;
    public const int GraphNode = 1, GraphName = 2, GraphInitializer = 5, GraphInput = 11, GraphOutput = 12, GraphSparse = 15;
    public const int NodeInput = 1, NodeOutput = 2, NodeName = 3, NodeOperator = 4, NodeAttribute = 5, NodeDomain = 7;
    public const int AttributeName = 1, AttributeF = 2, AttributeI = 3, AttributeS = 4, AttributeT = 5, AttributeG = 6, AttributeFloats = 7, AttributeInts = 8,
        AttributeStrings = 9, AttributeType = 20;
    public const int TensorDims = 1, TensorType = 2, TensorFloats = 4, TensorInt32s = 5, TensorInt64s = 7, TensorName = 8, TensorRaw = 9, TensorDoubles = 10,
        TensorExternal = 13, TensorLocation = 14;
    public const int ValueName = 1, ValueType = 2, TypeTensor = 1, TensorTypeElement = 1, TensorTypeShape = 2, ShapeDimension = 1, DimensionValue = 1, DimensionName = 2;
    public const int KindFloat = 1, KindInt = 2, KindString = 3, KindTensor = 4, KindGraph = 5, KindFloats = 6, KindInts = 7, KindStrings = 8;
}
